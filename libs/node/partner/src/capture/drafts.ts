import { orReject, type Json, type Malformed } from '@custos/core-bytes';
import {
  decodeTransaction,
  DEFAULT_LIFE_MS,
  MAX_TRANSACTION_BYTES,
  payloadOf,
  transactionChecks,
  unsignedTransaction,
} from '@custos/core-chain';
import type { CaptureHead } from '@custos/core-execution';
import type { Digest, Hasher, KeyId, PublicKey, Signer, VerifySignatures } from '@custos/core-crypto';

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

/** The treatment of a document of which one event is wrong or refused (EPCIS 2.0.1, 12.6.2). */
export type OnError = CaptureHead['onError'];

/** An event that is not signed, with the reason. */
export interface RejectedEvent extends Malformed {
  /** JSON pointer of the event in its document. */
  readonly at: string;
}

/** A signed transaction, from the pen through the outbox and the relay. */
export interface SignedTransaction {
  readonly txId: Digest;
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

/** A stored transaction that this key did not sign as it stands: its content is not ours to sign. */
export class ForeignTransaction extends Error {
  override readonly name = 'ForeignTransaction';

  constructor(txId: Digest) {
    super(`transaction ${txId} of the outbox was not signed by this service's key`);
  }
}

/** The organisation's one pen. */
export interface Pen {
  /** With the one key (`capture` has exactly one signer, L2.2), for ten minutes. Throws {@link DraftTooLarge}. */
  sign(draft: Draft): Promise<SignedTransaction>;
  /**
   * Whether this key signed these very bytes, for this network and under this id. A row of a database proves nothing by
   * itself: who can write one must not get it published or signed.
   */
  isOwn(stored: Pick<SignedTransaction, 'txId' | 'bytes'>): Promise<boolean>;
  /**
   * Signs the same content with a new life and so a new id: only for a transaction that can enter no block any more.
   * @throws ForeignTransaction when it is not {@link Pen.isOwn}.
   */
  renew(stored: Pick<SignedTransaction, 'txId' | 'bytes'>): Promise<SignedTransaction>;
}

export interface PenParts {
  readonly hasher: Hasher;
  readonly networkId: Digest;
  readonly signer: Signer;
  readonly verify: VerifySignatures;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createPen({ hasher, networkId, signer, verify, now }: PenParts): Pen {
  async function sign(draft: Draft): Promise<SignedTransaction> {
    const createdAt = now();
    const expiresAt = createdAt + DEFAULT_LIFE_MS;
    const life = { keyIds: [signer.keyId], createdAt, expiresAt };
    const unsigned = unsignedTransaction(hasher, networkId, { ...draft, ...life });
    if (unsigned.size > MAX_TRANSACTION_BYTES) throw new DraftTooLarge(unsigned.size);
    return { txId: unsigned.id, bytes: unsigned.finish([await signer.sign(unsigned.message)]), expiresAt };
  }

  async function isOwn({ txId, bytes }: Pick<SignedTransaction, 'txId' | 'bytes'>): Promise<boolean> {
    const decoded = decodeTransaction(hasher, networkId, bytes);
    if (!decoded.ok || decoded.value.id !== txId) return false;
    const keyOf = (keyId: KeyId): PublicKey | undefined => (keyId === signer.keyId ? signer.publicKey : undefined);
    const checks = transactionChecks(networkId, decoded.value, keyOf);
    return checks.ok && (await verify(checks.value));
  }

  return {
    sign,
    isOwn,
    async renew(stored) {
      if (!(await isOwn(stored))) throw new ForeignTransaction(stored.txId);
      const transaction = orReject(decodeTransaction(hasher, networkId, stored.bytes));
      return sign({ kind: transaction.head.kind, parts: payloadOf(transaction) });
    },
  };
}
