import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { transactionChecks, type Transaction } from '@custos/core-chain';
import type { Digest, KeyId, PublicKey, VerifySignatures } from '@custos/core-crypto';

/** An hour of full blocks at rest, some 10 MB of hashes. Forgetting one costs one verification. */
const MAX_REMEMBERED = 65_536;

/** Transactions verified at a time: signatures of votes must find the pool of threads nearly free. */
const VERIFIED_TOGETHER = 8;

/** Returns the public key of a key id; undefined when there is none. */
export type KeyOf = (id: KeyId) => PublicKey | undefined;

/**
 * Verifies each transaction once. What it remembers is the hash of all bytes, signatures included (L2.3): a
 * known id with other signatures is a stranger.
 */
export class CheckedTransactions {
  private readonly valid = new Set<Digest>();

  constructor(
    private readonly networkId: Digest,
    private readonly verify: VerifySignatures,
  ) {}

  /** Refuses KEY_UNKNOWN or SIGNATURE_WRONG. Keys never change their id, so any state that has them will do. */
  async check(transaction: Transaction, keyOf: KeyOf): Promise<Parsed<Transaction>> {
    if (this.valid.has(transaction.bytesHash)) return parsed(transaction);
    const checks = transactionChecks(this.networkId, transaction, keyOf);
    if (!checks.ok) return checks;
    if (!(await this.verify(checks.value)))
      return malformed('SIGNATURE_WRONG', '/signatures', 'sign the head with the keys it names');
    if (this.valid.size >= MAX_REMEMBERED) this.valid.delete(this.valid.values().next().value!);
    this.valid.add(transaction.bytesHash);
    return parsed(transaction);
  }

  /** One result for each, in order. */
  async checkEach(transactions: readonly Transaction[], keyOf: KeyOf): Promise<readonly Parsed<Transaction>[]> {
    const results: Parsed<Transaction>[] = [];
    for (let from = 0; from < transactions.length; from += VERIFIED_TOGETHER) {
      const some = transactions.slice(from, from + VERIFIED_TOGETHER);
      results.push(...(await Promise.all(some.map((transaction) => this.check(transaction, keyOf)))));
    }
    return results;
  }
}
