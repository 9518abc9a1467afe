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

export type Purpose = 'check' | 'dispense' | 'saleable-return';

/** V1. `market` absent = any. */
export interface Question {
  readonly code: ReadCode;
  readonly asker: Asker;
  readonly purpose: Purpose;
  readonly market?: string;
}

/**
 * Leaves as they were found, `undefined` = proven or known absent. Who shows no private part (a public proof) gives
 * entries with `value` alone.
 */
export type Leaves = ReadonlyMap<string, Entry | undefined>;

/**
 * L7.3: state keys that a question still needs, given those already found: ask again with what came, until none is
 * left. At most ten rounds: containers are found one by one.
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
    // V3: repairs are looked up only when the code as it came is not known.
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

/** The code as it is judged: as it came, or the first repair that names a known unit. */
export interface Reading {
  readonly key?: string;
  readonly gtin?: string;
  readonly lot?: string;
  readonly expiry?: string;
  readonly repair?: Repair;
}

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

/** What the leaf of the product of any packaging level says. */
export function productIn(gtin: string, found: Leaves): (ProductLeaf & { readonly gtin: string }) | undefined {
  const base = baseOf(gtin, found);
  const leaf = base === undefined ? undefined : (found.get(productKey(base))?.value as ProductLeaf | undefined);
  return base !== undefined && leaf ? { ...leaf, gtin: base } : undefined;
}

function baseOf(gtin: string, found: Leaves): string | undefined {
  return (found.get(gtinKey(gtin))?.value as GtinLeaf | undefined)?.base;
}

// The unit's lot, the containers around it and, for a container, what a member's summary names.
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
 * The unit and the containers around it as far as found, nearest first; a stale reference ends it (L6.5). V1: to a
 * patient they have no private part, whoever found the leaves.
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

// M3: a patient is told of every recall, whatever its depth; others ask the rules of their market.
function rulesFor(asker: Asker, market: string | undefined, found: Leaves): readonly string[] {
  if (asker.kind === 'patient') return [];
  const countries = found.get(COUNTRIES_KEY)?.value;
  const mapped = market !== undefined && countries && Object.hasOwn(countries, market) ? countries[market] : undefined;
  return [COUNTRIES_KEY, marketRuleKey(typeof mapped === 'string' ? mapped : DEFAULT_RULE_SET)];
}
