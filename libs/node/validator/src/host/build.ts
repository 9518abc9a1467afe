import { encodeBlock, HEADER_VERSION, isInWindow, transactionRootOf, type Transaction } from '@custos/core-chain';
import type { Content } from '@custos/core-consensus';
import { ZERO_DIGEST, type Digest, type Hasher } from '@custos/core-crypto';
import type { Execution } from '@custos/core-execution';
import type { Clock, Log } from '@custos/shell-process';
import { yieldToEventLoop, workSlices } from '../state/yield-to-event-loop.js';
import type { ChainState } from '../state/chain-state.js';
import type { ExecutedBlock } from '../state/executed-block.js';
import type { Mempool } from '../lanes/mempool.js';

/** Transactions that are looked at and left in the pool: those of a dozen blocks not yet final (K16), and some more. */
const MAX_PASSED_OVER = 20_000;

/** The parts that a block is built with. */
export interface BuildParts {
  readonly chain: ChainState;
  readonly pool: Mempool;
  readonly networkId: Digest;
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly log: Log;
}

/** The place of a block in the chain; consensus decided all of it. */
export interface BuildPlan {
  readonly epoch: number;
  readonly view: number;
  readonly parentView: number;
  readonly proposer: number;
  readonly timestamp: number;
  readonly content: Content;
  /**
   * Milliseconds for taking transactions. The others' timers run while a leader builds and stand still while
   * they execute (K9), so a leader that fills its block for longer than its view lasts is skipped.
   */
  readonly fillMs: number;
}

/**
 * The leader's block: transactions in turn, each executed as it is taken, until the pool is empty or a limit
 * is reached (K17). Undefined when nothing was there to take, or the branch died. Its own outcome is kept: it is never executed twice.
 */
export async function build(
  parts: BuildParts,
  parent: ExecutedBlock,
  plan: BuildPlan,
): Promise<ExecutedBlock | undefined> {
  const { chain, hasher, networkId } = parts;
  const letGo = chain.keep(parent);
  try {
    const { transactions, execution } = await fill(parts, parent, plan);
    const isNothing = plan.content === 'waiting' && transactions.length === 0;
    if (isNothing || !chain.isLive(parent)) return undefined;
    const outcome = await chain.outcome(parent, execution.finish());
    const { epoch, view, parentView, proposer, timestamp } = plan;
    const header = {
      version: HEADER_VERSION,
      networkId,
      epoch,
      view,
      height: parent.block.header.height + 1,
      parentView,
      previousHash: parent.block.header.ownHash,
      transactionRoot: transactionRootOf(hasher, transactions),
      ...chain.statedRoots(parent, outcome),
      timestamp,
      proposer,
      nextValidatorsHash: ZERO_DIGEST,
    };
    const block = encodeBlock(hasher, header, transactions);
    if (!chain.isLive(parent)) {
      chain.drop(outcome);
      return undefined;
    }
    return chain.add(parent, block, outcome);
  } finally {
    letGo();
  }
}

async function fill({ chain, pool, clock, log }: BuildParts, parent: ExecutedBlock, plan: BuildPlan) {
  const { timestamp } = plan;
  const until = clock.now() + plan.fillMs;
  const execution = chain.begin(parent, timestamp);
  const transactions: Transaction[] = [];
  const isTimeToYield = workSlices();
  let passedOver = 0;
  for (const { transaction } of plan.content === 'empty' ? [] : pool.inTurn()) {
    if (!isInWindow(transaction.head, timestamp) || chain.repeats(parent, transaction.id, timestamp)) {
      if (++passedOver > MAX_PASSED_OVER) break;
      continue;
    }
    const result = tryOne(execution, transaction, log);
    // A smaller one of another organisation may still fit, but then the order of arrival would be lost.
    if (result === 'full') break;
    if (result !== 'included') {
      // No block on this branch can hold it, a key that was revoked for one; its sender sees it expire.
      pool.remove(transaction.id);
      continue;
    }
    transactions.push(transaction);
    if (isTimeToYield(transaction.bytes.length)) {
      await yieldToEventLoop(clock);
      if (!chain.isLive(parent) || clock.now() >= until) break;
    }
  }
  return { transactions, execution };
}

// A bug of the law that one transaction finds must not stop the leader, or the transaction would stop them all.
function tryOne(execution: Execution, transaction: Transaction, log: Log): ReturnType<Execution['tryTransaction']> {
  try {
    return execution.tryTransaction(transaction);
  } catch (error) {
    log.error('the law failed', { transaction: transaction.id, error: String(error) });
    return { code: 'LAW_FAILED', field: '', fix: 'report it: the law has to answer everything' };
  }
}
