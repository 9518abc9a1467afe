import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { Block } from '@custos/core-chain';
import { ZERO_DIGEST } from '@custos/core-crypto';
import { startExecution } from '@custos/core-execution';
import { applyChanges, overlay } from '@custos/core-state';
import { yieldToEventLoop, workSlices } from '../state/yield-to-event-loop.js';
import type { ChainState, Outcome } from '../state/chain-state.js';
import type { ExecutedBlock } from '../state/executed-block.js';
import type { Log } from '../ports.js';

/** The branch died while the block was being executed: neither good nor bad, just of no use. */
export type Replay = Parsed<ExecutedBlock> | 'stale';

/**
 * Executes somebody's block on its executed parent and compares the roots it states (K4). Whether it may stand
 * there at all (leader, view, height, time) is consensus' to say. A refusal names what is wrong with the block.
 */
export async function replay(chain: ChainState, parent: ExecutedBlock, block: Block, log: Log): Promise<Replay> {
  const known = chain.find(block.header.ownHash);
  if (known) return parsed(known);
  const { tree } = chain.parts;
  const kept = tree.retain(parent.root);
  try {
    const outcome = await outcomeOf(chain, parent, block);
    if (outcome === 'stale' || !outcome.ok) return outcome;
    const wrong = firstWrong(chain, parent, block, outcome.value);
    if (wrong !== undefined || !chain.isLive(parent)) {
      tree.release(outcome.value.root);
      return wrong === undefined ? 'stale' : malformed('ROOT_WRONG', `/${wrong}`, 'state what execution comes to');
    }
    return parsed(chain.add(parent, block, outcome.value));
  } catch (error) {
    if (!chain.isLive(parent)) return 'stale';
    // A bug of the law must not stop every validator at once: the block gets no vote, and people are told.
    log.alarm('the law failed', { block: block.header.ownHash, error: String(error) });
    return malformed('LAW_FAILED', '', 'report it: the law has to answer everything');
  } finally {
    tree.release(kept);
  }
}

async function outcomeOf(chain: ChainState, parent: ExecutedBlock, block: Block): Promise<Parsed<Outcome> | 'stale'> {
  const { hasher, networkId, clock, checked } = chain.parts;
  const { height, timestamp } = block.header;
  const view = chain.viewAfter(parent);
  const execution = startExecution(view, { height, timestamp }, hasher, networkId);
  const isTimeToBreathe = workSlices();
  for (const [i, transaction] of block.transactions.entries()) {
    if (chain.repeats(parent, transaction.id, timestamp))
      return malformed('TRANSACTION_REPEATED', `/transactions/${i}`, 'hold a transaction once on a branch (L2.5)');
    const result = execution.tryTransaction(transaction);
    if (result === 'full') return malformed('BLOCK_OVER_LIMITS', `/transactions/${i}`, 'keep to the limits of L5.5');
    if (result !== 'included') return { ok: false, malformed: result };
    if (isTimeToBreathe(transaction.bytes.length)) {
      await yieldToEventLoop(clock);
      if (!chain.isLive(parent)) return 'stale';
    }
  }
  const executed = execution.finish();
  // L5.1: a key counts from the point where it was enrolled, which may lie within this block. The law has just
  // found every signer active there, so the keys of the state after the block are those to verify with.
  const after = overlay(view);
  applyChanges(after, executed.changes);
  const answers = await checked.checkEach(block.transactions, chain.keyOf(after));
  for (const answer of answers) if (!answer.ok) return answer;
  if (!chain.isLive(parent)) return 'stale';
  return parsed(await chain.outcome(parent, executed));
}

function firstWrong(chain: ChainState, parent: ExecutedBlock, block: Block, outcome: Outcome): string | undefined {
  const { header } = block;
  const { receiptRoot, stateRoot, historyRoot } = chain.statedRoots(parent, outcome);
  if (header.receiptRoot !== receiptRoot) return 'receiptRoot';
  if (header.stateRoot !== stateRoot) return 'stateRoot';
  if (header.historyRoot !== historyRoot) return 'historyRoot';
  // L3.3: this network has one epoch, so no block of it names the next validators.
  if (header.nextValidatorsHash !== ZERO_DIGEST) return 'nextValidatorsHash';
  return undefined;
}
