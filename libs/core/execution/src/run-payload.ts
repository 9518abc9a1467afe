import type { Json, Parsed } from '@custos/core-bytes';
import { payloadOf, type Receipt } from '@custos/core-chain';
import { type RegistryEnvelope } from '@custos/core-registry';
import { applyChanges, type Decision, type StateView } from '@custos/core-state';
import { judge } from './judge.js';
import { malformedFacts, receiptOf, refusedReceipt } from './receipts.js';
import type { TransactionScope } from './scope.js';

/** Returns the runner of a kind with one part (L2.6): it gives one receipt with eventIndex 0 (L5.2). */
export function payloadRunner<P>(
  parse: (payload: Json) => Parsed<P>,
  decide: (state: StateView, envelope: RegistryEnvelope, payload: P) => Decision,
): (scope: TransactionScope) => readonly Receipt[] {
  return (scope) => {
    const { transaction, state, work } = scope;
    const payload = parse(payloadOf(transaction)[0]!);
    if (!payload.ok) {
      return [refusedReceipt(transaction.id, 0, 'MALFORMED_PAYLOAD', malformedFacts(payload.malformed))];
    }
    const decision = judge(state, work, (paid) => decide(paid, scope, payload.value));
    if (decision.outcome === 'accepted') applyChanges(state, decision.changes);
    return [receiptOf(transaction.id, 0, decision)];
  };
}

/** Returns the runner of a kind that is not in force: it always refuses with the same code (L2.6). */
export function refusingRunner(
  code: 'KIND_NOT_ACTIVE' | 'NOT_YET',
  what: string,
): (scope: TransactionScope) => readonly Receipt[] {
  const facts = code === 'NOT_YET' ? { rule: 'L2.6', what } : { kind: what };
  return ({ transaction }) => [refusedReceipt(transaction.id, 0, code, facts)];
}
