import { canonicalBytes, concatBytes, malformed, parsed, Writer, type Json, type Parsed } from '@custos/core-bytes';
import {
  SIGNATURE_LENGTH,
  type Digest,
  type Hasher,
  type KeyId,
  type PublicKey,
  type SignatureCheck,
} from '@custos/core-crypto';
import { merkleRoot } from '@custos/core-merkle';
import { MAX_TRANSACTION_BYTES } from '../limits.js';
import { decodeHead, encodeUnsignedHead, unsignedPart } from './transaction-codec.js';
import { transactionIdOf, transactionMessage, type Transaction } from './transaction.js';

/**
 * Returns the signatures that the caller must verify, one for each signer. Refuses KEY_UNKNOWN when `keyOf` returns no
 * active key. Whether a key is active depends on the order of blocks (L2.7), so the result is valid for one state.
 */
export function transactionChecks(
  networkId: Digest,
  transaction: Transaction,
  keyOf: (id: KeyId) => PublicKey | undefined,
): Parsed<readonly SignatureCheck[]> {
  const { head, headBytes } = transaction;
  const message = transactionMessage(networkId, unsignedPart(headBytes, head.keyIds.length));
  const checks: SignatureCheck[] = [];
  for (const [i, keyId] of head.keyIds.entries()) {
    const publicKey = keyOf(keyId);
    if (!publicKey) return malformed('KEY_UNKNOWN', `/keyIds/${i}`, 'sign with a key that is enrolled and active');
    checks.push({ publicKey, message, signature: head.signatures[i]! });
  }
  return parsed(checks);
}

/** The content of a transaction before it is signed (L2.1). */
export interface TransactionDraft {
  readonly kind: number;
  /** Ascending, no repeats. */
  readonly keyIds: readonly KeyId[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly parts: readonly Json[];
}

/** An encoded transaction that lacks only its signatures. */
export interface UnsignedTransaction {
  /** The bytes that each signer signs (L2.2). */
  readonly message: Uint8Array;
  readonly id: Digest;
  /** Length of the whole transaction in bytes. Over MAX_TRANSACTION_BYTES no block can hold it. */
  readonly size: number;
  /**
   * Returns the encoded transaction for the tx lane. The signatures are in the order of the key ids.
   * @throws RangeError for a wrong number or length of signatures, or a size over the limit.
   */
  finish(signatures: readonly Uint8Array[]): Uint8Array;
}

/**
 * Encodes a draft and computes its id. A caller that takes documents of others compares with MAX_EVENTS and
 * {@link UnsignedTransaction.size} first.
 * @throws RangeError for a draft that the decoder would refuse by its counts, order or life.
 */
export function unsignedTransaction(hasher: Hasher, networkId: Digest, draft: TransactionDraft): UnsignedTransaction {
  const parts = draft.parts.map(canonicalBytes);
  const { kind, keyIds, createdAt, expiresAt } = draft;
  const payloadRoot = merkleRoot(hasher, parts);
  const head = encodeUnsignedHead({ kind, keyIds, createdAt, expiresAt, partCount: parts.length, payloadRoot });
  const refusal = decodeHead(concatBytes(head, new Uint8Array(SIGNATURE_LENGTH * keyIds.length)));
  if (!refusal.ok) throw new RangeError(`${refusal.malformed.code}: ${refusal.malformed.fix}`);
  const partBytes = parts.reduce((sum, part) => sum + 4 + part.length, 0);
  const size = head.length + SIGNATURE_LENGTH * keyIds.length + partBytes;
  return {
    message: transactionMessage(networkId, head),
    id: transactionIdOf(hasher, networkId, head),
    size,
    finish(signatures) {
      if (size > MAX_TRANSACTION_BYTES) throw new RangeError(`${size} bytes`);
      if (signatures.length !== keyIds.length)
        throw new RangeError(`${signatures.length} of ${keyIds.length} signatures`);
      const writer = new Writer(size).raw(head);
      for (const signature of signatures) {
        if (signature.length !== SIGNATURE_LENGTH) throw new RangeError(`a signature of ${signature.length} bytes`);
        writer.raw(signature);
      }
      for (const part of parts) writer.sized(part);
      return writer.finish();
    },
  };
}
