import { gtinOfUnitKey, isUnit, unitKeyOf } from '@custos/core-gs1';
import {
  COUNTRIES_KEY,
  DEFAULT_RULE_SET,
  gtinKey,
  marketRuleKey,
  partyKey,
  productKey,
  type GtinLeaf,
  type ProductLeaf,
} from '@custos/core-registry';
import { type Entry } from '@custos/core-state';
import { knownUnitOf } from '../units/entries.js';
import { LIMITS } from '../limits.js';
import { gtinOfLot, lotKey } from '../state-keys.js';
import type { KnownUnit } from '../units/unit.js';
import type { Asker } from '@custos/core-access';
import type { ReadCode, Repair } from './code.js';

/** The purpose of a question (V1). */
export type Purpose = 'check' | 'dispense' | 'saleable-return';

/** A question about one code (V1). `market` is ISO 3166-1 alpha-2; undefined means any. */
export interface Question {
  readonly code: ReadCode;
  readonly asker: Asker;
  readonly purpose: Purpose;
  readonly market?: string;
}

/**
 * The found leaves by state key; `undefined` means proven or known to be absent. A source without private parts (a
 * public proof) gives entries with `value` alone.
 */
export type Leaves = ReadonlyMap<string, Entry | undefined>;

/**
 * L7.3: returns the state keys that a question still needs, given the leaves found so far. The caller repeats with them
 * until none is left: at most ten rounds, because containers are found one by one.
 */
export function leavesFor(question: Question, found: Leaves): readonly string[] {
  return keysOf(question, found).filter((key) => !found.has(key));
}

function keysOf(question: Question, found: Leaves): readonly string[] {
  const { code, asker, market } = question;
  const reading = readingOf(code, found);
  const keys = [...rulesFor(asker, market, found)];
  if (asker.kind !== 'patient' && asker.party !== undefined) keys.push(partyKey(asker.party));
  for (const one of candidates(code)) {
    keys.push(one.key);
    // V3: repairs are looked up only when the code itself is not known.
    if (!found.has(one.key) || found.get(one.key)) break;
  }
  const gtin = reading.gtin ?? code.gtin;
  if (gtin !== undefined) keys.push(...productKeys(gtin, found));
  const base = gtin === undefined ? undefined : baseOf(gtin, found);
  if (base !== undefined && reading.lot !== undefined) keys.push(lotKey(base, reading.lot));
  return [...new Set([...keys, ...aroundKeys(reading.key, asker, found)])];
}

interface Candidate {
  readonly key: string;
  readonly repair?: Repair;
}

function candidates({ unit, repairs }: ReadCode): readonly Candidate[] {
  const own = unit ? [{ key: unitKeyOf(unit) }] : [];
  return [
    ...own,
    ...repairs.flatMap((repair) => (repair.read.unit ? [{ key: unitKeyOf(repair.read.unit), repair }] : [])),
  ];
}

/** The reading of a code that is judged: the code itself, or the first repair that names a known unit. */
export interface Reading {
  readonly key?: string;
  readonly gtin?: string;
  readonly lot?: string;
  readonly expiry?: string;
  readonly repair?: Repair;
}

/** Returns the reading of a code that is judged, given the leaves found (V3). */
export function readingOf(code: ReadCode, found: Leaves): Reading {
  const hit = candidates(code).find(({ key }) => found.get(key) !== undefined);
  const { unit, lot, expiry } = hit?.repair?.read ?? code;
  const key = unit && isUnit(unit) ? unitKeyOf(unit) : undefined;
  return { key, gtin: key === undefined ? undefined : gtinOfUnitKey(key), lot, expiry, repair: hit?.repair };
}

function productKeys(gtin: string, found: Leaves): readonly string[] {
  const base = baseOf(gtin, found);
  return base === undefined ? [gtinKey(gtin)] : [gtinKey(gtin), productKey(base)];
}

/** Returns the product's leaf for a GTIN of any packaging level, with its base GTIN; undefined when it is not found. */
export function productIn(gtin: string, found: Leaves): (ProductLeaf & { readonly gtin: string }) | undefined {
  const base = baseOf(gtin, found);
  const leaf = base === undefined ? undefined : (found.get(productKey(base))?.value as ProductLeaf | undefined);
  return base !== undefined && leaf ? { ...leaf, gtin: base } : undefined;
}

function baseOf(gtin: string, found: Leaves): string | undefined {
  return (found.get(gtinKey(gtin))?.value as GtinLeaf | undefined)?.base;
}

// The unit's lot, the containers around it and, for a container, the lots in a member's summary.
function aroundKeys(key: string | undefined, asker: Asker, found: Leaves): readonly string[] {
  if (key === undefined || !found.get(key)) return [];
  const keys: string[] = [];
  const around = aroundOf(key, found, asker);
  for (const { lot, container } of around) {
    if (container) keys.push(container.key);
    if (lot !== undefined) keys.push(lot, productKey(gtinOfLot(lot)));
  }
  const lots = around[0]?.contains?.lots;
  if (lots !== undefined && lots !== 'many')
    for (const lot of Object.keys(lots)) keys.push(lot, productKey(gtinOfLot(lot)));
  return keys;
}

/**
 * Returns the unit and the containers around it that were found, nearest first; a stale reference ends the list (L6.5).
 * V1: for a patient they have no private part, whatever the source of the leaves.
 */
export function aroundOf(key: string, found: Leaves, asker: Asker): readonly KnownUnit[] {
  const around: KnownUnit[] = [];
  let next: string | undefined = key;
  let incarnation: number | undefined;
  while (next !== undefined && around.length <= LIMITS.depth) {
    const entry: Entry | undefined = found.get(next);
    if (!entry) break;
    const unit: KnownUnit = knownUnitOf(next, asker.kind === 'patient' ? { value: entry.value } : entry);
    if (incarnation !== undefined && unit.incarnation !== incarnation) break;
    around.push(unit);
    next = unit.container?.key;
    incarnation = unit.container?.incarnation;
  }
  return around;
}

// M3: every recall is reported to a patient; for others the rules of their market decide by its depth.
function rulesFor(asker: Asker, market: string | undefined, found: Leaves): readonly string[] {
  if (asker.kind === 'patient') return [];
  const countries = found.get(COUNTRIES_KEY)?.value;
  const mapped = market !== undefined && countries && Object.hasOwn(countries, market) ? countries[market] : undefined;
  return [COUNTRIES_KEY, marketRuleKey(typeof mapped === 'string' ? mapped : DEFAULT_RULE_SET)];
}
