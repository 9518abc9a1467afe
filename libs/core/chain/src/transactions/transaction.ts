import { orReject, parseUtf8, type Json } from '@custos/core-bytes';
import { digestBytes, taggedHash, taggedMessage, type Digest, type Hasher, type KeyId } from '@custos/core-crypto';
import { CLOCK_SKEW_MS } from '../limits.js';

/** The head of a transaction: signers, times, and the payloadRoot that binds its parts (L2.1). */
export interface TransactionHead {
  readonly version: 1;
  /** The kind, 1 to 8 (L2.6); `core/execution` names them. */
  readonly kind: number;
  /** Key ids of the signers, ascending, without repeats. */
  readonly keyIds: readonly KeyId[];
  /** Milliseconds since 1970, by the signer's clock. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly partCount: number;
  readonly payloadRoot: Digest;
  /** One signature of 64 bytes for each of {@link keyIds}, in the same order. */
  readonly signatures: readonly Uint8Array[];
}

/** A decoded transaction (L2.1) with its bytes. */
export interface Transaction {
  readonly head: TransactionHead;
  /** The parts, each as the canonical JSON bytes that were signed; {@link payloadOf} parses them. */
  readonly parts: readonly Uint8Array[];
  /** The id. It does not cover the signatures, so it is remembered only after they were verified (L2.3). */
  readonly id: Digest;
  /** The bytes as signed, stored and served unchanged. */
  readonly bytes: Uint8Array;
  /** SHA-256 of {@link bytes}: the key under which verified signatures are cached (L2.3). Never on the wire. */
  readonly bytesHash: Digest;
  /** The head with signatures, which is the leaf under transactionRoot (L2.2). */
  readonly headBytes: Uint8Array;
}

/** The version byte of a transaction (L2.1). */
export const TRANSACTION_VERSION = 1;
/** The codes of the kinds of transactions (L2.6), without gaps. The law of each is its row in `core/execution`. */
export const KIND = {
  capture: 1,
  party: 2,
  key: 3,
  product: 4,
  validators: 5,
  misbehaviour: 6,
  rule: 7,
  record: 8,
} as const;
/** The name of a kind, a member of {@link KIND}. */
export type KindName = keyof typeof KIND;
/** The code of a kind, a value of {@link KIND}. */
export type Kind = (typeof KIND)[KindName];
/** The highest code of a kind (L2.6). */
export const LAST_KIND = Math.max(...Object.values(KIND));

/**
 * L2.2: returns the bytes that each signer signs. The network id makes a transaction invalid in every other network.
 */
export function transactionMessage(networkId: Digest, unsignedHead: Uint8Array): Uint8Array {
  return taggedMessage('custos/tx/1', digestBytes(networkId), unsignedHead);
}

/** L2.2: returns the id, the hash of the signed bytes. It does not cover the signatures. */
export function transactionIdOf(hasher: Hasher, networkId: Digest, unsignedHead: Uint8Array): Digest {
  return taggedHash(hasher, 'custos/txid/1', digestBytes(networkId), unsignedHead);
}

/** L2.5: reports whether a block with this timestamp (milliseconds) may hold the transaction. */
export function isInWindow(head: TransactionHead, timestamp: number): boolean {
  return head.createdAt - CLOCK_SKEW_MS <= timestamp && timestamp <= head.expiresAt;
}

/**
 * Returns the parts as JSON values. The decoder found their bytes canonical, so they are not checked again. They are
 * parsed on demand, because values take many times the memory of bytes and most transactions wait in a pool first.
 */
export function payloadOf(transaction: Transaction): readonly Json[] {
  return transaction.parts.map((part) => JSON.parse(orReject(parseUtf8(part))) as Json);
}
