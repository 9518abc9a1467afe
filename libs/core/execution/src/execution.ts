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

/** The result of a block: merged changes and receipts. */
export interface Executed {
  /** The changes, one for each key, ascending by key. `before` is the entry before the block. */
  readonly changes: readonly Change[];
  readonly receipts: readonly Receipt[];
}

/** An execution of a block in progress. A leader fills a block with it, and a voter executes one with it. */
export interface Execution {
  /**
   * Executes one transaction. Returns `included` when its receipts and writes were kept; `full` when it would exceed a
   * limit of the block (nothing was kept, and a later block may hold it); or the reason why it is block-invalid (L5.1;
   * nothing was kept).
   */
  tryTransaction(transaction: Transaction): 'included' | 'full' | Malformed;
  finish(): Executed;
}

/** Starts the execution of a block on `state`. `kinds` is the law; tests of this room pass smaller ones. */
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
      // Each transaction has the whole budget, so that its receipt does not depend on the rest of the block.
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

/** The transactions of a block with its height and time. */
export interface BlockToExecute {
  readonly height: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly transactions: readonly Transaction[];
}

/**
 * Executes a block (L5). Pure. A refusal means that the block is block-invalid (L5.1) and no validator votes for it:
 * the codes are TRANSACTION_REPEATED, OUTSIDE_WINDOW, KEY_UNKNOWN and BLOCK_OVER_LIMIT. The decoder has checked bytes,
 * roots and life. The host checks signatures and the ids of earlier blocks.
 */
export function execute(state: StateView, block: BlockToExecute, hasher: Hasher, networkId: Digest): Parsed<Executed> {
  const steps = executeInSteps(state, block, hasher, networkId);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Executes a block as {@link execute} does, and yields after each transaction its length in bytes, so that the caller
 * can pause.
 */
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

// L5.1, in the order of the block: a key that an earlier transaction of the block revoked is no longer valid (L2.7).
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
