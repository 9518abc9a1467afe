import type { JsonObject, Malformed } from '@custos/core-bytes';
import { receiptLeaf, type Receipt } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { Decision } from '@custos/core-state';
import { MAX_FIELD_LENGTH } from './limits.js';

/** Returns the receipt of a decision (L5.2). */
export function receiptOf(txId: Digest, eventIndex: number, decision: Decision): Receipt {
  switch (decision.outcome) {
    case 'accepted':
      return {
        txId,
        eventIndex,
        outcome: 'accepted',
        warnings: decision.warnings,
        changes: decision.receiptChanges,
      };
    case 'refused':
      return refusedReceipt(txId, eventIndex, decision.refusal.code, decision.refusal.facts);
  }
}

/** Returns the receipt of a refusal with its facts (L5.2). */
export function refusedReceipt(txId: Digest, eventIndex: number, code: string, facts: JsonObject): Receipt {
  return { txId, eventIndex, outcome: 'refused', code, facts, warnings: [], changes: [] };
}

/** Returns the facts of a receipt for a parser's refusal. Its pointer is cut to {@link MAX_FIELD_LENGTH} characters. */
export function malformedFacts({ code, field, fix }: Malformed): JsonObject {
  return { rule: code, field: beginningOf(field), fix };
}

// Never cuts within a surrogate pair, because a lone surrogate has no canonical form.
function beginningOf(field: string): string {
  if (field.length <= MAX_FIELD_LENGTH) return field;
  const last = field.charCodeAt(MAX_FIELD_LENGTH - 1);
  return field.slice(0, last >= 0xd800 && last <= 0xdbff ? MAX_FIELD_LENGTH - 1 : MAX_FIELD_LENGTH);
}

/** Returns the bytes that a receipt adds to the list of a block: its canonical JSON and a comma. */
export function receiptBytes(receipt: Receipt): number {
  return receiptLeaf(receipt).length + 1;
}
