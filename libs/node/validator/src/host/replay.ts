import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { Block } from '@custos/core-chain';
import { checkStated, keysAfter, refuseRepeated } from '@custos/core-execution';
import type { Clock, Log } from '@custos/shell-process';
import { yieldToEventLoop, workSlices } from '../state/yield-to-event-loop.js';
import type { ChainState, Outcome } from '../state/chain-state.js';
import type { CheckedTransactions } from '../state/checked-transactions.js';
import type { ExecutedBlock } from '../state/executed-block.js';

/** The parts that a block is executed with. */
export interface ReplayParts {
  readonly chain: ChainState;
  readonly checked: CheckedTransactions;
  readonly clock: Clock;
  readonly log: Log;
}

/** The branch died while the block was being executed: neither good nor bad, just of no use. */
export type Replay = Parsed<ExecutedBlock> | 'stale';

/**
 * Executes another validator's block on its executed parent and compares the roots it states (K4). Whether it may stand
 * there at all (leader, view, height, time) is decided by consensus. A refusal names the fault of the block.
 */
export async function replay(parts: ReplayParts, parent: ExecutedBlock, block: Block): Promise<Replay> {
  const { chain, log } = parts;
  const known = chain.find(block.header.ownHash);
  if (known) return parsed(known);
  const letGo = chain.keep(parent);
  try {
    const outcome = await outcomeOf(parts, parent, block);
    if (outcome === 'stale' || !outcome.ok) return outcome;
    const stated = checkStated(block.header, chain.statedRoots(parent, outcome.value));
    if (stated.ok && chain.isLive(parent)) return parsed(chain.add(parent, block, outcome.value));
    chain.drop(outcome.value);
    return stated.ok ? 'stale' : stated;
  } catch (error) {
    if (!chain.isLive(parent)) return 'stale';
    // A bug of the law must not stop every validator at once: the block gets no vote, and people are alarmed.
    log.error('the law failed', { block: block.header.ownHash, error: String(error) });
    return malformed('LAW_FAILED', '', 'report it: the law has to answer everything');
  } finally {
    letGo();
  }
}

async function outcomeOf(
  { chain, checked, clock }: ReplayParts,
  parent: ExecutedBlock,
  block: Block,
): Promise<Parsed<Outcome> | 'stale'> {
  const fresh = refuseRepeated(block.transactions, (id) => chain.repeats(parent, id, block.header.timestamp));
  if (!fresh.ok) return fresh;
  const steps = chain.execute(parent, block);
  const isTimeToYield = workSlices();
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    if (!isTimeToYield(step.value)) continue;
    await yieldToEventLoop(clock);
    if (!chain.isLive(parent)) return 'stale';
  }
  const executed = step.value;
  if (!executed.ok) return executed;
  const keyOf = keysAfter(chain.viewAfter(parent), executed.value.changes);
  const answers = await checked.checkEach(block.transactions, keyOf);
  for (const answer of answers) if (!answer.ok) return answer;
  if (!chain.isLive(parent)) return 'stale';
  return parsed(await chain.outcome(parent, executed.value));
}
