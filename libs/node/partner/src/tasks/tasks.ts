import { malformed, parsed, type JsonObject, type Parsed } from '@custos/core-bytes';
import { CUSTODY_LIMITS } from '@custos/core-custody';
import { aggregationEvent, objectEvent } from '@custos/core-epcis';
import type {
  AggregateTask,
  CommissionTask,
  DispenseTask,
  RecallTask,
  ReceiveTask,
  ShipTask,
} from '@custos/formats-api';
import { batchOf, type Batch } from './batches.js';
import { placeOf, scanUnit, scanUnits, type ScannedUnit } from './codes.js';
import { documentsOf, epcsOf, gtinOf, occurrence, partyOf, type TaskContext } from './occurrence.js';

/** The EPCIS events that say what a task says, each still without its eventID, and the units that it names. */
export interface TaskSketch {
  readonly events: readonly JsonObject[];
  /** Of the document that they stand in. */
  readonly header?: JsonObject;
  readonly scanned: readonly ScannedUnit[];
}

/** C1, C2: packs and cases with their lot, SSCCs without. */
export function commissioning(task: CommissionTask, context: TaskContext): Parsed<TaskSketch> {
  const scanned = scanUnits(task.codes, '/codes', context.now);
  if (!scanned.ok) return scanned;
  const logistic: ScannedUnit[] = [];
  const saleable: (readonly [Batch, ScannedUnit])[] = [];
  for (const each of scanned.value) {
    if (each.unit.kind === 'sscc') {
      logistic.push(each);
      continue;
    }
    const batch = batchOf(task, each);
    if (!batch.ok) return batch;
    saleable.push([batch.value, each]);
  }
  const step = { action: 'ADD', bizStep: 'commissioning', disposition: 'active' } as const;
  const sketch = { ...occurrence(task, context), ...step };
  const events = groupBy(saleable).map(([ilmd, units]) => objectEvent({ ...sketch, epcs: epcsOf(units), ilmd }));
  if (logistic.length > 0) events.push(objectEvent({ ...sketch, epcs: epcsOf(logistic) }));
  return parsed({ events, scanned: scanned.value });
}

/** C3, C4. */
export function aggregation(task: AggregateTask, context: TaskContext): Parsed<TaskSketch> {
  const container = scanUnit(task.container, '/container', context.now);
  if (!container.ok) return container;
  const children = scanUnits(task.children ?? [], '/children', context.now);
  if (!children.ok) return children;
  const packing = task.action === 'packing';
  if (packing && children.value.length === 0) return malformed('CHILDREN_MISSING', '/children', 'list what is packed');
  const disposition = packing ? 'in_progress' : task.verified ? 'completeness_verified' : undefined;
  const event = aggregationEvent({
    ...occurrence(task, context),
    action: packing ? 'ADD' : 'DELETE',
    bizStep: task.action,
    disposition,
    parent: container.value.unit,
    // C4: none listed = all.
    children: task.children && epcsOf(children.value),
  });
  return parsed({ events: [event], scanned: [container.value, ...children.value] });
}

/** C6: possession goes to the receiver, ownership only when the task names who takes it. */
export function shipping(task: ShipTask, context: TaskContext): Parsed<TaskSketch> {
  const scanned = scanUnits(task.codes, '/codes', context.now);
  if (!scanned.ok) return scanned;
  const bizTransactions = documentsOf(task.documents);
  const long = bizTransactions?.findIndex(({ bizTransaction }) => bizTransaction.length > CUSTODY_LIMITS.documentId);
  if (long !== undefined && long >= 0)
    return malformed('TOO_LONG', `/documents/${long}/id`, `at most ${CUSTODY_LIMITS.documentId} characters as a URI`);
  const owners = task.owner === undefined ? [] : [{ from: context.party, to: task.owner, type: 'owning_party' }];
  const moves = [...owners, { from: context.party, to: task.receiver, type: 'possessing_party' }];
  const event = objectEvent({
    ...occurrence(task, context),
    action: 'OBSERVE',
    bizStep: 'shipping',
    disposition: 'in_transit',
    epcs: epcsOf(scanned.value),
    bizTransactions,
    sources: [
      ...moves.map(({ from, type }) => ({ type, source: partyOf(from) })),
      { type: 'location', source: placeOf(task.location ?? context.party) },
    ],
    destinations: [
      ...moves.map(({ to, type }) => ({ type, destination: partyOf(to) })),
      { type: 'location', destination: placeOf(task.destination ?? task.receiver) },
    ],
  });
  const header = task.transactionStatement && { 'custos:affirmTransactionStatement': true };
  return parsed({ events: [event], ...(header && { header }), scanned: scanned.value });
}

/** C8. */
export function receiving(task: ReceiveTask, context: TaskContext): Parsed<TaskSketch> {
  const scanned = scanUnits(task.codes, '/codes', context.now);
  if (!scanned.ok) return scanned;
  const event = objectEvent({
    ...occurrence(task, context),
    action: 'OBSERVE',
    bizStep: 'receiving',
    disposition: 'in_progress',
    epcs: epcsOf(scanned.value),
    bizTransactions: documentsOf(task.documents),
  });
  return parsed({ events: [event], scanned: scanned.value });
}

/** C15: what a scan says of lot and expiry goes along, so that the law can compare it with the pack. */
export function dispensing(task: DispenseTask, context: TaskContext): Parsed<TaskSketch> {
  const scanned = scanUnits(task.codes, '/codes', context.now);
  if (!scanned.ok) return scanned;
  const scans = scanned.value.map((each) => [scanOf(each), each] as const);
  const step = { action: 'OBSERVE', bizStep: 'dispensing', disposition: 'dispensed' } as const;
  const events = groupBy(scans).map(([scan, units]) =>
    objectEvent({ ...occurrence(task, context), ...step, epcs: epcsOf(units), ...(scan && { custos: { scan } }) }),
  );
  return parsed({ events, scanned: scanned.value });
}

function scanOf({ lot, expiry }: ScannedUnit): JsonObject | undefined {
  if (lot === undefined && expiry === undefined) return undefined;
  return { ...(lot !== undefined && { lot }), ...(expiry !== undefined && { expiry }) };
}

/** C19. */
export function recalling(task: RecallTask, context: TaskContext): TaskSketch {
  const { id, class: gravity, depth, markets } = task;
  const event = objectEvent({
    ...occurrence(task, context),
    action: 'OBSERVE',
    bizStep: 'holding',
    disposition: 'recalled',
    quantities: [{ epcClass: { kind: 'lgtin', gtin: gtinOf(task.gtin), lot: task.lot } }],
    custos: { recall: { id, class: gravity, depth, markets: [...markets].sort() } },
  });
  return { events: [event], scanned: [] };
}

/** In order of first appearance; equal keys are equal as JSON. */
function groupBy<K, T>(items: readonly (readonly [K, T])[]): readonly (readonly [K, readonly T[]])[] {
  const groups = new Map<string | undefined, readonly [K, T[]]>();
  for (const [key, item] of items) {
    const name = JSON.stringify(key) as string | undefined;
    const group = groups.get(name);
    if (group) group[1].push(item);
    else groups.set(name, [key, [item]]);
  }
  return [...groups.values()];
}
