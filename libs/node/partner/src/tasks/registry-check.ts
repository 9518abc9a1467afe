import { malformed, parsed, type Malformed, type Parsed } from '@custos/core-bytes';
import type { EpcisEvent } from '@custos/core-epcis';
import { isUnit } from '@custos/core-gs1';
import { glnKey, gtinKey, partyKey, prefixKey, PREFIX_LENGTHS } from '@custos/core-registry';
import { type Entry } from '@custos/core-state';
import { findEntries } from '@custos/node-epcis-repository';
import { type Sql, batchQueries } from '@custos/shell-postgres';
import type { ReadyEvent } from '../capture/ready-event.js';
import type { ScannedUnit } from './codes.js';

/** Something that must be registered, with the place where it is named. */
export interface Named {
  /** State key. */
  readonly key: string;
  readonly field: string;
  readonly code: 'PARTY_UNKNOWN' | 'LOCATION_UNKNOWN' | 'GTIN_UNKNOWN';
}

const FIXES: Readonly<Record<Named['code'], string>> = {
  PARTY_UNKNOWN: 'name a party of this network by its GLN',
  LOCATION_UNKNOWN: 'name a place that its party has registered',
  GTIN_UNKNOWN: 'register the product first',
};

/** What a task names of the registry; what depends on a unit is the validators' to judge. */
export function namedBy(task: {
  readonly location?: string;
  readonly destination?: string;
  readonly receiver?: string;
  readonly owner?: string;
  readonly gtin?: string;
}): readonly Named[] {
  const { location, destination, receiver, owner, gtin } = task;
  return [
    ...named(location, 'LOCATION_UNKNOWN', '/location', glnKey),
    ...named(destination, 'LOCATION_UNKNOWN', '/destination', glnKey),
    ...named(receiver, 'PARTY_UNKNOWN', '/receiver', partyKey),
    ...named(owner, 'PARTY_UNKNOWN', '/owner', partyKey),
    ...named(gtin, 'GTIN_UNKNOWN', '/gtin', (digits) => gtinKey(digits.padStart(14, '0'))),
  ];
}

/** Whoever scans a pack means one of a product: in a task, S2's unregistered goods are a slip. */
export function productsOf(scanned: readonly ScannedUnit[]): readonly Named[] {
  return scanned.flatMap(({ unit, at }) =>
    unit.kind === 'sgtin' ? [{ key: gtinKey(unit.gtin), field: at, code: 'GTIN_UNKNOWN' as const }] : [],
  );
}

function named(
  value: string | undefined,
  code: Named['code'],
  field: string,
  keyOf: (value: string) => string,
): readonly Named[] {
  return value === undefined ? [] : [{ key: keyOf(value), field, code }];
}

/** Which of these state keys the registry has; others may be among the answer. */
export type FindEntries = (keys: readonly string[]) => Promise<ReadonlyMap<string, Entry>>;

/** For requests that come together: one statement for what all of them name. */
export function entriesFinder(sql: Sql): FindEntries {
  return batchQueries(async (asked: readonly (readonly string[])[]) => {
    const entries = await findEntries(sql, [...new Set(asked.flat())]);
    return asked.map(() => entries);
  });
}

/** The first thing that is not registered. */
export async function checkNamed(find: FindEntries, names: readonly Named[]): Promise<Parsed<undefined>> {
  const known = await findKnown(
    find,
    names.map(({ key }) => key),
  );
  const missing = names.find(({ key }) => !known.has(key));
  return missing ? unknown(missing) : parsed(undefined);
}

function unknown({ code, field }: Named): Parsed<never> {
  return malformed(code, field, FIXES[code]);
}

async function findKnown(find: FindEntries, keys: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
  return keys.length === 0 ? new Map() : find(keys);
}

/** C6: steps that ship; the law asks them for a receiver. */
const SHIPPING_STEPS: ReadonlySet<string> = new Set(['shipping', 'departing', 'consigning']);

/**
 * Shipments of this network's goods to somebody whom no one knows, each with what is wrong with it: the law would
 * refuse them whatever the state of the goods is. What ships none of our goods is recorded as it is (S2).
 */
export async function findUnknownReceivers(
  find: FindEntries,
  events: readonly ReadyEvent[],
): Promise<ReadonlyMap<ReadyEvent, Malformed>> {
  const shipments = events.flatMap((each) => {
    const receivers = receiversOf(each);
    return receivers.length === 0 ? [] : [{ each, receivers, goods: goodsOf(each.event) }];
  });
  const keys = shipments.flatMap(({ receivers, goods }) => [...receivers.map(({ key }) => key), ...goods]);
  const known = await findKnown(find, keys);
  const faults = new Map<ReadyEvent, Malformed>();
  for (const { each, receivers, goods } of shipments) {
    const missing = receivers.find(({ key }) => !known.has(key));
    if (!missing || !goods.some((key) => known.has(key))) continue;
    const { code, field } = missing;
    faults.set(each, { code, field, fix: FIXES[code] });
  }
  return faults;
}

function receiversOf({ event, at }: ReadyEvent): readonly Named[] {
  const { type, bizStep, destinationList } = event;
  if (type !== 'ObjectEvent' && type !== 'AggregationEvent') return [];
  if (event.action !== 'OBSERVE' || bizStep === undefined || !SHIPPING_STEPS.has(bizStep)) return [];
  return destinationList.flatMap(({ type: role, identifier }, i): readonly Named[] => {
    if (role !== 'owning_party' && role !== 'possessing_party') return [];
    if (identifier.kind !== 'pgln' && identifier.kind !== 'sgln') return [];
    const field = `${at}/destinationList/${i}/destination`;
    return [{ key: partyKey(identifier.gln), field, code: 'PARTY_UNKNOWN' }];
  });
}

/** Registry keys of which one must be there for a unit of the event to be under the law (S1). */
function goodsOf(event: EpcisEvent): readonly string[] {
  const items =
    event.type === 'ObjectEvent' ? event.epcList : event.type === 'AggregationEvent' ? aggregated(event) : [];
  const keys = items.flatMap(({ identifier }) => {
    if (!isUnit(identifier)) return [];
    if (identifier.kind === 'sgtin') return [gtinKey(identifier.gtin)];
    return identifier.kind === 'sscc' ? prefixesOf(identifier.sscc) : [];
  });
  return [...new Set(keys)];
}

function aggregated({ parentID, childEPCs }: Extract<EpcisEvent, { type: 'AggregationEvent' }>) {
  return parentID ? [parentID, ...childEPCs] : childEPCs;
}

/** The extension digit comes before the company prefix, whose length no one sees. */
function prefixesOf(sscc: string): readonly string[] {
  const { shortest, longest } = PREFIX_LENGTHS;
  return Array.from({ length: longest - shortest + 1 }, (_, i) => prefixKey(sscc.slice(1, 1 + shortest + i)));
}
