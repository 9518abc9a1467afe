import type { JsonObject } from '@custos/core-bytes';
import { receiptJson, type Receipt } from '@custos/core-chain';
import { timeText } from '@custos/core-epcis';
import type { Settled } from './outbox.js';
import type { Submitted } from './submission.js';

/** What became of a job of one transaction, as far as a waiting request hears. */
export type Outcome =
  | { readonly kind: 'pending'; readonly job: string; readonly transaction: string }
  | { readonly kind: 'final'; readonly settled: Settled; readonly events: readonly string[] }
  | { readonly kind: 'refused'; readonly settled: Settled; readonly receipt: Receipt };

/** `settled` undefined = not final in time. */
export function outcomeOf({ job, parts }: Submitted, settled: Settled | undefined): Outcome {
  const { txId, events } = parts[0]!;
  if (!settled) return { kind: 'pending', job, transaction: txId };
  // L5.3: of a document that fell, one event has the reason.
  const refused = settled.receipts.filter(({ outcome }) => outcome === 'refused');
  const receipt = refused.find(({ code }) => code !== 'ROLLED_BACK') ?? refused[0];
  if (receipt) return { kind: 'refused', settled, receipt };
  return { kind: 'final', settled, events: events.map(({ eventID }) => eventID) };
}

/** S9: the event itself was known, not only what it says of some units. */
export function isRepeated({ receipts }: Settled): boolean {
  return receipts.some(({ warnings }) => warnings.some(({ code, units }) => code === 'REPEATED' && !units));
}

export function pendingJson({ job, transaction }: Extract<Outcome, { kind: 'pending' }>): JsonObject {
  return { status: 'pending', job, transaction };
}

export function finalJson({ settled, events }: Extract<Outcome, { kind: 'final' }>): JsonObject {
  const { txId, height, blockTime, receipts, inclusion } = settled;
  const place = { transaction: txId, height, blockTime: timeText(blockTime) };
  return { status: 'final', ...place, events, receipts: receipts.map(receiptJson), inclusion };
}
