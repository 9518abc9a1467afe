import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { unitKeyOf } from '@custos/core-gs1';
import { findEntries } from '@custos/node-epcis-repository';
import type { Sql } from '@custos/shell-postgres';
import { scanUnits } from './tasks/codes.js';

/** Something that a task names and that must be registered, with the place where it names it. */
export interface Named {
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
    ...named(location, 'LOCATION_UNKNOWN', '/location', (gln) => `gln/${gln}`),
    ...named(destination, 'LOCATION_UNKNOWN', '/destination', (gln) => `gln/${gln}`),
    ...named(receiver, 'PARTY_UNKNOWN', '/receiver', (gln) => `party/${gln}`),
    ...named(owner, 'PARTY_UNKNOWN', '/owner', (gln) => `party/${gln}`),
    ...named(gtin, 'GTIN_UNKNOWN', '/gtin', (digits) => `gtin/${digits.padStart(14, '0')}`),
  ];
}

/** Products of the packs and cases that are to be commissioned. */
export function productsOf(codes: readonly string[], now: number): Parsed<readonly Named[]> {
  const scanned = scanUnits(codes, '/codes', now);
  if (!scanned.ok) return scanned;
  const products = scanned.value.flatMap(({ unit }, i): readonly Named[] => {
    if (unit.kind !== 'sgtin') return [];
    const [, , gtin] = unitKeyOf(unit).split('/');
    return [{ key: `gtin/${gtin}`, field: `/codes/${i}`, code: 'GTIN_UNKNOWN' }];
  });
  return parsed(products);
}

/** The first thing that is not registered. */
export async function checkNamed(sql: Sql, names: readonly Named[]): Promise<Parsed<undefined>> {
  if (names.length === 0) return parsed(undefined);
  const known = await findEntries(sql, [...new Set(names.map(({ key }) => key))]);
  const missing = names.find(({ key }) => !known.has(key));
  return missing ? malformed(missing.code, missing.field, FIXES[missing.code]) : parsed(undefined);
}

function named(
  value: string | undefined,
  code: Named['code'],
  field: string,
  keyOf: (value: string) => string,
): readonly Named[] {
  return value === undefined ? [] : [{ key: keyOf(value), field, code }];
}
