import { orReject, parseUtf8, type Json } from '@custos/core-bytes';
import { digestBytes, taggedHash, taggedMessage, type Digest, type Hasher, type KeyId } from '@custos/core-crypto';
import { CLOCK_SKEW_MS } from '../limits.js';

/** What the network orders: a signed head, and the parts that its payloadRoot binds (L2.1). */
export interface TransactionHead {
  readonly version: 1;
  /** 1 to 8 (L2.6); `core/execution` names them. */
  readonly kind: number;
  /** Ascending, no repeats. */
  readonly keyIds: readonly KeyId[];
  /** Milliseconds since 1970, by the signer's clock. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly partCount: number;
  readonly payloadRoot: Digest;
  /** In the order of {@link keyIds}. */
  readonly signatures: readonly Uint8Array[];
}

export interface Transaction {
  readonly head: TransactionHead;
  /** Canonical JSON each, as it came; {@link payloadOf} reads them. */
  readonly parts: readonly Uint8Array[];
  /** Binds all but the signatures: an id is remembered only after they were verified (L2.3). */
  readonly id: Digest;
  /** As signed: stored and served as they came. */
  readonly bytes: Uint8Array;
  /** SHA-256 of {@link bytes}: the key under which verified signatures are cached (L2.3). Never on the wire. */
  readonly bytesHash: Digest;
  /** Head with signatures: the leaf under transactionRoot (L2.2). */
  readonly headBytes: Uint8Array;
}

export const TRANSACTION_VERSION = 1;
/** The one kind with more than one part (L2.6). */
export const CAPTURE_KIND = 1;
/** Kinds are 1 to this one (L2.6). */
export const LAST_KIND = 8;

/** L2.2: what each signer signs; the network id keeps transactions of one network out of another. */
export function transactionMessage(networkId: Digest, unsignedHead: Uint8Array): Uint8Array {
  return taggedMessage('custos/tx/1', digestBytes(networkId), unsignedHead);
}

/** L2.2: the id covers what is signed, never the signatures. */
export function transactionIdOf(hasher: Hasher, networkId: Digest, unsignedHead: Uint8Array): Digest {
  return taggedHash(hasher, 'custos/txid/1', digestBytes(networkId), unsignedHead);
}

/** L2.5: whether a block of this time may hold the transaction. */
export function isInWindow(head: TransactionHead, timestamp: number): boolean {
  return head.createdAt - CLOCK_SKEW_MS <= timestamp && timestamp <= head.expiresAt;
}

/**
 * The parts as values. The decoder found their bytes canonical, so nothing is checked again; they are parsed
 * on demand, because values take many times the memory of bytes and most transactions wait in a pool first.
 */
export function payloadOf(transaction: Transaction): readonly Json[] {
  return transaction.parts.map((part) => JSON.parse(orReject(parseUtf8(part))) as Json);
}
