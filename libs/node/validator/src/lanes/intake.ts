import { CLOCK_SKEW_MS, decodeTransaction, type Transaction } from '@custos/core-chain';
import { plainHash, type Digest, type Hasher } from '@custos/core-crypto';
import { keysOf } from '@custos/core-execution';
import type { LaneMessage, LaneSource, LaneStart } from '@custos/shell-lanes';
import { registry } from '@custos/core-registry';
import type { Clock } from '@custos/shell-process';
import type { ChainState } from '../state/chain-state.js';
import type { CheckedTransactions } from '../state/checked-transactions.js';
import type { Mempool } from './mempool.js';

/** The parts of an {@link Intake}. */
export interface IntakeParts {
  readonly chain: Pick<ChainState, 'head' | 'viewAfter' | 'isFinal'>;
  readonly pool: Mempool;
  readonly checked: CheckedTransactions;
  readonly networkId: Digest;
  readonly hasher: Hasher;
  readonly clock: Clock;
}

/** Counts of messages on tx lanes, for operators. */
export interface IntakeCounts {
  admitted: number;
  /** Malformed, expired, of the future, final already, or signed wrongly or by an unknown key. */
  dropped: number;
  /** The organisation's room was full: its relay sends again. */
  full: number;
}

/**
 * Takes transactions from tx lanes into the pool. A lane carries what anybody wrote there: who signed decides
 * whose it is, and what is not valid is dropped without a word, for its sender waits for the chain, not for us.
 */
export class Intake {
  readonly counts: IntakeCounts = { admitted: 0, dropped: 0, full: 0 };
  /** Called after a batch that brought something into the pool. */
  onAdmitted: () => void = () => undefined;
  private readonly seen = new Map<string, LaneStart>();

  constructor(
    private readonly parts: IntakeParts,
    lanes: readonly string[],
    stored: ReadonlyMap<string, string>,
  ) {
    for (const lane of lanes) this.seen.set(lane, stored.get(lane) ?? 'beginning');
  }

  /** The tx lanes of all organisations, each from where it was left. */
  sources(): readonly LaneSource[] {
    return [...this.seen].map(([lane, from]) => ({ lane, from }));
  }

  /** One batch of one lane. Resolves once all of it is in the pool or dropped. */
  async take(batch: readonly LaneMessage[]): Promise<void> {
    const { chain, checked, clock } = this.parts;
    const now = clock.now();
    const fresh: { readonly transaction: Transaction; readonly message: LaneMessage; readonly resume: LaneStart }[] =
      [];
    let resume = this.seen.get(batch[0]!.lane) ?? 'beginning';
    for (const message of batch) {
      const transaction = this.decode(message.value, now);
      if (transaction) fresh.push({ transaction, message, resume });
      else this.counts.dropped++;
      resume = message.position;
    }
    const keyOf = keysOf(chain.viewAfter(chain.head));
    const answers = await checked.checkEach(
      fresh.map(({ transaction }) => transaction),
      keyOf,
    );
    const before = this.counts.admitted;
    answers.forEach((answer, i) => {
      if (answer.ok) this.admit(answer.value, fresh[i]!.message.lane, fresh[i]!.resume, now);
      else this.counts.dropped++;
    });
    this.seen.set(batch[0]!.lane, resume);
    if (this.counts.admitted > before) this.onAdmitted();
  }

  /** K17: where each lane is to be read again after a restart, so that nothing that waits is missed. */
  positions(): ReadonlyMap<string, string> {
    const positions = new Map<string, string>();
    for (const [lane, seen] of this.seen) {
      const position = this.parts.pool.resume(lane) ?? seen;
      if (position !== 'beginning' && position !== 'end') positions.set(lane, position);
    }
    return positions;
  }

  private decode(bytes: Uint8Array, now: number): Transaction | undefined {
    const { chain, pool, hasher, networkId } = this.parts;
    // Relays send again until a transaction is final: what waits already is known by its hash alone.
    if (pool.decoded(plainHash(hasher, bytes))) return undefined;
    const decoded = decodeTransaction(hasher, networkId, bytes);
    if (!decoded.ok) return undefined;
    const { id, head } = decoded.value;
    // L2.5: what cannot stand in the next block does not wait; its relay sends it again.
    if (head.expiresAt < now || head.createdAt - CLOCK_SKEW_MS > now || pool.has(id)) return undefined;
    return chain.isFinal(id) ? undefined : decoded.value;
  }

  private admit(transaction: Transaction, lane: string, resume: LaneStart, now: number): void {
    const { chain, pool } = this.parts;
    // Race: it may have become final while its signatures were verified. It would wait until it expires.
    if (chain.isFinal(transaction.id)) {
      this.counts.dropped++;
      return;
    }
    const key = registry(chain.viewAfter(chain.head)).activeKey(transaction.head.keyIds[0]!);
    const organisation = key?.party;
    if (organisation === undefined) {
      this.counts.dropped++;
      return;
    }
    const admission = pool.add({ transaction, organisation, lane, resume, arrivedAt: now });
    if (admission === 'added') this.counts.admitted++;
    if (admission === 'full') this.counts.full++;
  }
}
