import { orReject, type Json } from '@custos/core-bytes';
import {
  decodeTransaction,
  DEFAULT_LIFE_MS,
  MAX_TRANSACTION_BYTES,
  payloadOf,
  unsignedTransaction,
} from '@custos/core-chain';
import type { Digest, Hasher, Signer } from '@custos/core-crypto';

/** What is to be signed. */
export interface Draft {
  readonly kind: number;
  /** Parts of the payload (L2.6). */
  readonly parts: readonly Json[];
}

/** An event of a draft: where it stood in what came in, and the id under which the chain knows it. */
export interface DraftedEvent {
  /** JSON pointer; empty = all of the request. */
  readonly at: string;
  readonly eventID: string;
}

/** A draft with its events, in the order of its parts; a draft of another kind has none. */
export interface PlannedDraft {
  readonly draft: Draft;
  readonly events: readonly DraftedEvent[];
}

export interface SignedTransaction {
  readonly id: Digest;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A draft that no block could hold: the caller splits the document, or says 413. */
export class DraftTooLarge extends Error {
  override readonly name = 'DraftTooLarge';

  constructor(readonly size: number) {
    super(`${size} bytes are over the ${MAX_TRANSACTION_BYTES} of one transaction`);
  }
}

/** The organisation's one pen. */
export interface Pen {
  /** With the one key (`capture` has exactly one signer, L2.2), for ten minutes. Throws {@link DraftTooLarge}. */
  sign(draft: Draft): Promise<SignedTransaction>;
  /** The same content with a new life and so a new id: only for a transaction that can enter no block any more. */
  renew(bytes: Uint8Array): Promise<SignedTransaction>;
}

export function createPen(hasher: Hasher, networkId: Digest, signer: Signer, now: () => number): Pen {
  async function sign(draft: Draft): Promise<SignedTransaction> {
    const createdAt = now();
    const expiresAt = createdAt + DEFAULT_LIFE_MS;
    const life = { keyIds: [signer.keyId], createdAt, expiresAt };
    const unsigned = unsignedTransaction(hasher, networkId, { ...draft, ...life });
    if (unsigned.size > MAX_TRANSACTION_BYTES) throw new DraftTooLarge(unsigned.size);
    return { id: unsigned.id, bytes: unsigned.finish([await signer.sign(unsigned.message)]), expiresAt };
  }

  return {
    sign,
    renew(bytes) {
      const transaction = orReject(decodeTransaction(hasher, networkId, bytes));
      return sign({ kind: transaction.head.kind, parts: payloadOf(transaction) });
    },
  };
}
