import type { Json } from '@custos/core-bytes';
import { DEFAULT_LIFE_MS, MAX_TRANSACTION_BYTES, unsignedTransaction } from '@custos/core-chain';
import type { Digest, Hasher, Signer } from '@custos/core-crypto';

/** What is to be signed: kept in the outbox, so that it can be signed anew when it expired (ARCHITECTURE, 3). */
export interface Draft {
  readonly kind: number;
  /** Parts of the payload (L2.6). */
  readonly parts: readonly Json[];
}

export interface SignedTransaction {
  readonly id: Digest;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A draft that no block could hold: the caller splits the document, or says 413. */
export class DraftTooLarge extends Error {
  constructor(readonly size: number) {
    super(`${size} bytes are over the ${MAX_TRANSACTION_BYTES} of one transaction`);
  }
}

/** Signs with the organisation's one key (`capture` has exactly one signer, L2.2); valid for ten minutes. */
export async function signDraft(
  draft: Draft,
  { hasher, networkId, signer, now }: { hasher: Hasher; networkId: Digest; signer: Signer; now: number },
): Promise<SignedTransaction> {
  const expiresAt = now + DEFAULT_LIFE_MS;
  const unsigned = unsignedTransaction(hasher, networkId, {
    ...draft,
    keyIds: [signer.keyId],
    createdAt: now,
    expiresAt,
  });
  if (unsigned.size > MAX_TRANSACTION_BYTES) throw new DraftTooLarge(unsigned.size);
  return { id: unsigned.id, bytes: unsigned.finish([await signer.sign(unsigned.message)]), expiresAt };
}
