import type { Json, JsonObject } from '@custos/core-bytes';
import { timeText } from '@custos/core-epcis';
import { REFUSALS } from '@custos/core-execution';
import type { RefusalRow } from '@custos/core-registry';
import { problemOf, statusOf, type Problem } from '@custos/formats-api';
import { receiptJson, type Receipt } from '@custos/core-chain';
import type { Settled } from './outbox.js';
import type { Submitted } from './submission.js';

/** What a waiting request hears: an answer with its status, or the law's refusal as a problem. */
export type Outcome =
  | { readonly status: 201 | 202; readonly body: JsonObject; readonly location?: string }
  | { readonly status: number; readonly problem: Problem };

/** One transaction's fate as an HTTP answer; `settled` undefined = not final in time. */
export function outcomeOf({ job, parts }: Submitted, settled: Settled | undefined): Outcome {
  const transaction = parts[0]!.txId;
  if (!settled) {
    return { status: 202, location: `/jobs/${job}`, body: { status: 'pending', job, transaction } };
  }
  const refused = settled.receipts.find(({ code }) => code !== undefined && code !== 'ROLLED_BACK');
  if (refused) return refusalOf(refused, settled);
  const { height, blockTime, receipts, inclusion } = settled;
  const body = {
    status: 'final',
    transaction,
    height,
    blockTime: timeText(blockTime),
    events: eventIds(parts[0]!.draft.parts),
    receipts: receipts.map(receiptJson),
    inclusion,
  };
  return { status: 201, body };
}

/** A "no" of the law stands on the chain: the problem says what, by which facts, and where. */
function refusalOf(receipt: Receipt, { height, txId }: Settled): Outcome {
  const row: RefusalRow | undefined = (REFUSALS as Readonly<Record<string, RefusalRow>>)[receipt.code!];
  const status = statusOf(row?.class ?? 'conflict');
  const problem = problemOf({
    status,
    code: receipt.code!,
    title: row?.meaning ?? receipt.code!,
    fix: row?.remedy,
    facts: receipt.facts,
    receipt: receiptJson(receipt),
    height,
    transaction: txId,
  });
  return { status, problem };
}

export function eventIds(parts: readonly Json[]): readonly string[] {
  return parts.flatMap((part) => {
    const id = typeof part === 'object' && part !== null && 'eventID' in part ? part.eventID : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}
