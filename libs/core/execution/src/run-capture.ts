import type { Json, Malformed, Parsed } from '@custos/core-bytes';
import { payloadOf, type Receipt } from '@custos/core-chain';
import type { Envelope, LawContext } from '@custos/core-custody';
import type { Context, EpcisEvent } from '@custos/core-epcis';
import { applyChanges, overlay, type Decision, type Overlay, type StateView } from '@custos/core-state';
import { parseCaptureHead, type CaptureHead } from './capture.js';
import { judge, refused, tooMuchWork } from './judge.js';
import { MAX_TRANSACTION_RECEIPT_BYTES } from './limits.js';
import { malformedFacts, receiptBytes, receiptOf, refusedReceipt } from './receipts.js';
import type { TransactionScope } from './scope.js';

/** The functions that parse and decide an event. */
export interface CaptureLaw {
  readonly parseContext: (context: Json | undefined) => Parsed<Context>;
  readonly parseEvent: (event: Json, context: Context) => Parsed<EpcisEvent>;
  readonly decide: (view: StateView, envelope: Envelope, event: EpcisEvent, context: LawContext) => Decision;
}

interface CaptureScope extends TransactionScope {
  readonly law: CaptureLaw;
  readonly head: CaptureHead;
  readonly context: Context;
}

/**
 * Returns the runner of `capture`. It decides the events in document order, each atomically (L5.3), and gives one
 * receipt for each event.
 */
export function captureRunner(law: CaptureLaw): (scope: TransactionScope) => readonly Receipt[] {
  return (scope) => {
    const [first, ...events] = payloadOf(scope.transaction);
    const refuseAll = (malformed: Malformed): readonly Receipt[] =>
      events.map((_, i) => refusedReceipt(scope.transaction.id, i, 'MALFORMED_PAYLOAD', malformedFacts(malformed)));
    const head = parseCaptureHead(first);
    if (!head.ok) return refuseAll(head.malformed);
    const context = law.parseContext(head.value.context);
    if (!context.ok) return refuseAll({ ...context.malformed, code: 'CONTEXT_INVALID' });
    return runEvents({ ...scope, law, head: head.value, context: context.value }, events);
  };
}

function runEvents(scope: CaptureScope, events: readonly Json[]): readonly Receipt[] {
  const txId = scope.transaction.id;
  const document = overlay(scope.state);
  const receipts: Receipt[] = [];
  let receiptRoom = MAX_TRANSACTION_RECEIPT_BYTES;
  let exhausted = false;
  for (const [i, part] of events.entries()) {
    let decision = exhausted ? tooMuchWork(undefined, 0) : judgeEvent(scope, document, part, i);
    let receipt = receiptOf(txId, i, decision);
    const bytes = receiptBytes(receipt);
    if (bytes <= receiptRoom) receiptRoom -= bytes;
    else {
      // Otherwise no block could hold the transaction. The receipts that follow are short.
      decision = tooMuchWork(bytes, receiptRoom);
      receipt = receiptOf(txId, i, decision);
    }
    receipts.push(receipt);
    if (decision.outcome === 'accepted') applyChanges(document, decision.changes);
    else if (scope.head.onError === 'rollback') return rolledBack(receipts, events.length);
    // L5.5: when the budget is used up, later events are not read.
    else if (decision.refusal.code === 'TOO_MUCH_WORK') exhausted = true;
  }
  document.copyTo(scope.state);
  return receipts;
}

function judgeEvent(scope: CaptureScope, document: Overlay, part: Json, index: number): Decision {
  const { transaction, head, law, work, hasher, height, timestamp } = scope;
  const event = law.parseEvent(part, scope.context);
  if (!event.ok) {
    const { field, fix } = malformedFacts(event.malformed);
    return refused('MALFORMED_EVENT', { field, fix });
  }
  const envelope = {
    txId: transaction.id,
    index,
    createdAt: transaction.head.createdAt,
    salt: head.salt,
    context: head.context,
    header: head.header,
    signer: scope.signers[0]!.party,
  };
  const context = { hasher, height, timestamp, budget: { ...work } };
  return judge(document, work, (paid) => law.decide(paid, envelope, event.value, context));
}

// L5.3: the last receipt is the refusal that failed the document. Nothing of the document reached the state.
function rolledBack(receipts: readonly Receipt[], events: number): readonly Receipt[] {
  const failed = receipts.length - 1;
  const { txId } = receipts[failed]!;
  return Array.from({ length: events }, (_, i) =>
    i === failed ? receipts[failed]! : refusedReceipt(txId, i, 'ROLLED_BACK', { failed }),
  );
}
