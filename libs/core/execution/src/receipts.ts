import type { JsonObject, Malformed } from '@custos/core-bytes';
import { receiptLeaf, type Receipt } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { Decision } from '@custos/core-state';
import { MAX_FIELD_LENGTH } from './limits.js';

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

export function refusedReceipt(txId: Digest, eventIndex: number, code: string, facts: JsonObject): Receipt {
  return { txId, eventIndex, outcome: 'refused', code, facts, warnings: [], changes: [] };
}

/** A parser's "no" as facts of a receipt. */
export function malformedFacts({ code, field, fix }: Malformed): JsonObject {
  return { rule: code, field: beginningOf(field), fix };
}

// Never cut between the halves of a surrogate pair: half of one has no canonical form.
function beginningOf(field: string): string {
  if (field.length <= MAX_FIELD_LENGTH) return field;
  const last = field.charCodeAt(MAX_FIELD_LENGTH - 1);
  return field.slice(0, last >= 0xd800 && last <= 0xdbff ? MAX_FIELD_LENGTH - 1 : MAX_FIELD_LENGTH);
}

/** Its share of the block's receipts: its canonical JSON and a comma. */
export function receiptBytes(receipt: Receipt): number {
  return receiptLeaf(receipt).length + 1;
}
