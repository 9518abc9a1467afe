import { parsed, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { aggregationEvent, objectEvent, type EventSketch } from '@custos/core-epcis';
import { parseGtin, type Identifier } from '@custos/core-gs1';
import type {
  AggregateTask,
  CommissionTask,
  DispenseTask,
  RecallTask,
  ReceiveTask,
  ShipTask,
} from '@custos/formats-api';
import { glnOf, placeOf, scanUnit, scanUnits, type ScannedUnit } from './codes.js';

/** Who does it, and when if the task does not say. */
export interface TaskContext {
  /** GLN of this organisation. */
  readonly party: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The EPCIS events that say what a task says; each still without its eventID. */
export type TaskEvents = Parsed<readonly JsonObject[]>;

/** C1, C2: packs and cases with their lot, SSCCs without. */
export function commissioning(task: CommissionTask, context: TaskContext): TaskEvents {
  const scanned = scanUnits(task.codes, '/codes', context.now);
  if (!scanned.ok) return scanned;
  const logistic = scanned.value.filter(({ unit }) => unit.kind === 'sscc');
  const saleable = scanned.value.filter(({ unit }) => unit.kind !== 'sscc');
  const sketch = {
    ...occurrence(task, context),
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
  } as const;
  const events = groupBy(saleable, batchOf(task)).map(([batch, units]) =>
    objectEvent({ ...sketch, epcs: epcsOf(units), ...(batch && { ilmd: batch }) }),
  );
  if (logistic.length > 0) events.push(objectEvent({ ...sketch, epcs: epcsOf(logistic) }));
  return parsed(events);
}

/** C3, C4. */
export function aggregation(task: AggregateTask, context: TaskContext): TaskEvents {
  const container = scanUnit(task.container, '/container', context.now);
  if (!container.ok) return container;
  const children = task.children && scanUnits(task.children, '/children', context.now);
  if (children && !children.ok) return children;
  const packing = task.action === 'packing';
  const disposition = packing ? 'in_progress' : task.verified ? 'completeness_verified' : undefined;
  const event = aggregationEvent({
    ...occurrence(task, context),
    action: packing ? 'ADD' : 'DELETE',
    bizStep: task.action,
    disposition,
    parent: container.value.unit,
    children: children ? epcsOf(children.value) : packing ? [] : undefined,
  });
  return parsed([event]);
}

/** C6: possession goes to the receiver, ownership only when the task names who takes it. */
export function shipping(task: ShipTask, context: TaskContext): TaskEvents {
  const scanned = scanUnits(task.codes, '/codes', context.now);
  if (!scanned.ok) return scanned;
  const owners = task.owner === undefined ? [] : [{ from: context.party, to: task.owner, type: 'owning_party' }];
  const moves = [...owners, { from: context.party, to: task.receiver, type: 'possessing_party' }];
  const event = objectEvent({
    ...occurrence(task, context),
    action: 'OBSERVE',
    bizStep: 'shipping',
    disposition: 'in_transit',
    epcs: epcsOf(scanned.value),
    bizTransactions: documentsOf(task.documents),
    sources: [
      ...moves.map(({ from, type }) => ({ type, source: partyOf(from) })),
      { type: 'location', source: placeOf(task.location ?? context.party) },
    ],
    destinations: [
      ...moves.map(({ to, type }) => ({ type, destination: partyOf(to) })),
      { type: 'location', destination: placeOf(task.destination ?? task.receiver) },
    ],
  });
  return parsed([event]);
}

/** C8. */
export function receiving(task: ReceiveTask, context: TaskContext): TaskEvents {
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
  return parsed([event]);
}

/** C15: what a scan says of lot and expiry goes along, so that the law can compare it with the pack. */
export function dispensing(task: DispenseTask, context: TaskContext): TaskEvents {
  const scanned = scanUnits(task.codes, '/codes', context.now);
  if (!scanned.ok) return scanned;
  const events = groupBy(scanned.value, ({ lot, expiry }) =>
    lot !== undefined || expiry !== undefined ? { lot, expiry } : undefined,
  );
  return parsed(
    events.map(([scan, units]) =>
      objectEvent({
        ...occurrence(task, context),
        action: 'OBSERVE',
        bizStep: 'dispensing',
        disposition: 'dispensed',
        epcs: epcsOf(units),
        ...(scan && { custos: { scan: defined(scan) } }),
      }),
    ),
  );
}

/** C19. */
export function recalling(task: RecallTask, context: TaskContext): TaskEvents {
  const gtin = parseGtin(task.gtin);
  if (!gtin.ok) return gtin;
  const { id, class: gravity, depth, markets } = task;
  const event = objectEvent({
    ...occurrence(task, context),
    action: 'OBSERVE',
    bizStep: 'holding',
    disposition: 'recalled',
    quantities: [{ epcClass: { kind: 'lgtin', gtin: gtin.value, lot: task.lot } }],
    custos: { recall: { id, class: gravity, depth, markets: [...markets].sort() } },
  });
  return parsed([event]);
}

function occurrence(
  { location, eventTime }: { readonly location?: string; readonly eventTime?: string },
  { party, now }: TaskContext,
): Pick<EventSketch, 'eventTime' | 'readPoint' | 'bizLocation'> {
  const place = placeOf(location ?? party);
  return { eventTime: eventTime === undefined ? now : Date.parse(eventTime), readPoint: place, bizLocation: place };
}

function partyOf(gln: string): Identifier {
  return { kind: 'pgln', gln: glnOf(gln) };
}

function epcsOf(units: readonly ScannedUnit[]): readonly Identifier[] {
  return units.map(({ unit }) => unit);
}

function documentsOf(documents: ShipTask['documents']): EventSketch['bizTransactions'] {
  return documents?.map(({ type, id }) => ({
    type,
    bizTransaction: id.includes(':') ? id : `urn:custos:document:${id}`,
  }));
}

/** The batch that the task states; else what each code says of itself. */
function batchOf(task: CommissionTask) {
  return (scanned: ScannedUnit): { readonly lot: string; readonly expiry: string } | undefined => {
    const lot = task.lot ?? scanned.lot;
    const expiry = task.expiry ?? scanned.expiry;
    return lot === undefined || expiry === undefined ? undefined : { lot, expiry };
  };
}

/** In order of first appearance; equal keys are equal as JSON. */
function groupBy<T, K extends Json | undefined | { readonly [name: string]: Json | undefined }>(
  items: readonly T[],
  keyOf: (item: T) => K,
): readonly (readonly [K, readonly T[]])[] {
  const groups = new Map<string, [K, T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const name = JSON.stringify(key) ?? '';
    const group = groups.get(name);
    if (group) group[1].push(item);
    else groups.set(name, [key, [item]]);
  }
  return [...groups.values()];
}

function defined(object: { readonly [name: string]: string | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
