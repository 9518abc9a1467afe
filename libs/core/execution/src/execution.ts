import { malformed, parsed, type Malformed, type Parsed } from '@custos/core-bytes';
import { isInWindow, type Receipt, type Transaction } from '@custos/core-chain';
import type { Digest, Hasher } from '@custos/core-crypto';
import { registry, type KeyRecord } from '@custos/core-registry';
import { overlay, type Change, type StateView } from '@custos/core-state';
import { EMPTY_BLOCK_ROOM, envelopeRoom, lessRoom, usedRoom } from './block-room.js';
import { ownedOverlay } from './budget.js';
import { kindRow, KINDS, type KindTable } from './kinds.js';
import { MAX_TRANSACTION_CHANGES, MAX_TRANSACTION_READS } from './limits.js';
import type { BlockScope } from './scope.js';

export interface Executed {
  /** Merged, one per key, ascending by key; `before` is the state before the block. */
  readonly changes: readonly Change[];
  readonly receipts: readonly Receipt[];
}

/** A block on its way: a leader fills one, a voter runs one through the same hands. */
export interface Execution {
  /**
   * `included`, with its receipts and writes; `full`: it would go over a limit of the block, nothing of it was
   * kept and a later block may take it; or block-invalid (L5.1), also without a trace.
   */
  tryTransaction(transaction: Transaction): 'included' | 'full' | Malformed;
  finish(): Executed;
}

/** `kinds` is the law; tests of this room give it smaller ones. */
export function startExecution(
  state: StateView,
  block: { readonly height: number; readonly timestamp: number },
  hasher: Hasher,
  networkId: Digest,
  kinds: KindTable = KINDS,
): Execution {
  const scope: BlockScope = { hasher, networkId, height: block.height, timestamp: block.timestamp };
  const written = overlay(state);
  const receipts: Receipt[] = [];
  const ids = new Set<Digest>();
  let room = EMPTY_BLOCK_ROOM;
  return {
    tryTransaction(transaction) {
      const signers = checkEnvelope(written, scope, ids, transaction);
      if (!signers.ok) return signers.malformed;
      if (!lessRoom(room, envelopeRoom(transaction))) return 'full';
      const { name, owns, run } = kindRow(kinds, transaction.head.kind);
      const own = overlay(written);
      // Each has the whole budget, so that its receipt does not depend on what else the block holds.
      const work = { reads: MAX_TRANSACTION_READS, changes: MAX_TRANSACTION_CHANGES };
      const state = ownedOverlay(own, name, owns);
      const answers = run({ ...scope, transaction, signers: signers.value, state, work });
      const left = lessRoom(room, usedRoom(transaction, work, answers));
      if (!left) return 'full';
      room = left;
      ids.add(transaction.id);
      own.copyTo(written);
      receipts.push(...answers);
      return 'included';
    },
    finish: () => ({ changes: written.changes(), receipts }),
  };
}

/** The transactions of a block and where it stands. */
export interface BlockToExecute {
  readonly height: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly transactions: readonly Transaction[];
}

/**
 * Executes a block (L5): pure. A refusal is block-invalid (L5.1): no validator votes for such a block. The decoder has
 * checked bytes, roots and life; ids in earlier blocks and signatures are for the host, which has their index and keys.
 */
export function execute(state: StateView, block: BlockToExecute, hasher: Hasher, networkId: Digest): Parsed<Executed> {
  const steps = executeInSteps(state, block, hasher, networkId);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does what {@link execute} does, and yields the length in bytes of each transaction, so that a caller can rest. */
export function* executeInSteps(
  state: StateView,
  block: BlockToExecute,
  hasher: Hasher,
  networkId: Digest,
): Generator<number, Parsed<Executed>, undefined> {
  const execution = startExecution(state, block, hasher, networkId);
  for (const [i, transaction] of block.transactions.entries()) {
    const outcome = execution.tryTransaction(transaction);
    const field = `/transactions/${i}`;
    if (outcome === 'full') return malformed('BLOCK_OVER_LIMIT', field, 'cut the block before this transaction');
    if (outcome !== 'included') return malformed(outcome.code, field + outcome.field, outcome.fix);
    yield transaction.bytes.length;
  }
  return parsed(execution.finish());
}

// L5.1, in the block's own order: a key that an earlier transaction of the block revoked signs no more (L2.7).
function checkEnvelope(
  state: StateView,
  { timestamp }: BlockScope,
  ids: ReadonlySet<Digest>,
  { id, head }: Transaction,
): Parsed<readonly KeyRecord[]> {
  if (ids.has(id)) return malformed('TRANSACTION_REPEATED', '', 'include each transaction once');
  if (!isInWindow(head, timestamp)) return malformed('OUTSIDE_WINDOW', '/expiresAt', 'sign it anew');
  const signers: KeyRecord[] = [];
  for (const [i, keyId] of head.keyIds.entries()) {
    const key = registry(state).activeKey(keyId);
    if (!key) return malformed('KEY_UNKNOWN', `/keyIds/${i}`, 'sign with a key that is enrolled and active');
    signers.push(key);
  }
  return parsed(signers);
}
