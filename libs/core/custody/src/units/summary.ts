import { LIMITS } from '../limits.js';
import { gtinOfUnitKey } from '@custos/core-gs1';
import type { ContainerSummary, Count, Unit } from './unit.js';
import { gtinOfLot } from '../state-keys.js';

// L6.5: summaries are sums. What a unit adds to the container around it, it adds one level higher to the next.

/** What `unit` and all inside it add to its container. */
export function shareOf(unit: Unit): ContainerSummary {
  const inside = unit.contains;
  const pack = isPack(unit) ? 1 : 0;
  const gtin = gtinOfUnitKey(unit.key);
  return {
    levels: [1, ...(inside?.levels ?? [])],
    packs: pack + (inside?.packs ?? 0),
    lots: unit.lot === undefined ? (inside?.lots ?? {}) : addNamed(inside?.lots ?? {}, { [unit.lot]: [1, pack] }, pair),
    gtins: gtin === undefined ? (inside?.gtins ?? {}) : addNamed(inside?.gtins ?? {}, { [gtin]: 1 }, single),
    held: (unit.onHold ? 1 : 0) + (inside?.held ?? 0),
    inactive: (unit.lifecycle.state === 'active' ? 0 : 1) + (inside?.inactive ?? 0),
  };
}

/** The same share as the next container up sees it. */
export function oneLevelUp(share: ContainerSummary): ContainerSummary {
  return { ...share, levels: [0, ...share.levels] };
}

export function addShare(summary: ContainerSummary | undefined, share: ContainerSummary): ContainerSummary {
  return combine(summary ?? EMPTY, share, 1);
}

/** Absent = nothing is left inside. The share must be part of the summary. */
export function subtractShare(
  summary: ContainerSummary | undefined,
  share: ContainerSummary,
): ContainerSummary | undefined {
  const rest = combine(summary ?? EMPTY, share, -1);
  return rest.levels.length === 0 ? undefined : rest;
}

/** Levels of containers and packs below: 0 = nothing inside. */
export function heightOf(unit: Unit): number {
  return unit.contains?.levels.length ?? 0;
}

/** Goods, as against empty containers. */
export function holdsGoods(summary: ContainerSummary | undefined): boolean {
  return summary !== undefined && (summary.gtins === 'many' || Object.keys(summary.gtins).length > 0);
}

/** Serialised goods: the unit itself, or some below. */
export function hasGoods(unit: Pick<Unit, 'lot' | 'contains'>): boolean {
  return unit.lot !== undefined || holdsGoods(unit.contains);
}

/** A pack: at the base level of its product. */
export function isPack(unit: Pick<Unit, 'key' | 'lot'>): boolean {
  return unit.lot !== undefined && gtinOfUnitKey(unit.key) === gtinOfLot(unit.lot);
}

const EMPTY: ContainerSummary = { levels: [], packs: 0, lots: {}, gtins: {}, held: 0, inactive: 0 };

type Sign = 1 | -1;
type Sum<T> = (a: T | undefined, b: T, sign: Sign) => T | undefined;

function combine(a: ContainerSummary, b: ContainerSummary, sign: Sign): ContainerSummary {
  const levels = combineLevels(a.levels, b.levels, sign);
  // `many` cannot be undone by subtraction; only an empty container starts over.
  return {
    levels,
    packs: a.packs + sign * b.packs,
    lots: addNamed(a.lots, b.lots, pair, sign),
    gtins: addNamed(a.gtins, b.gtins, single, sign),
    held: a.held + sign * b.held,
    inactive: a.inactive + sign * b.inactive,
  };
}

function combineLevels(a: readonly number[], b: readonly number[], sign: Sign): readonly number[] {
  const length = Math.max(a.length, b.length);
  const sums = Array.from({ length }, (_, i) => (a[i] ?? 0) + sign * (b[i] ?? 0));
  while (sums.length > 0 && sums[sums.length - 1] === 0) sums.pop();
  return sums;
}

const single: Sum<number> = (a, b, sign) => (a ?? 0) + sign * b || undefined;

const pair: Sum<Count> = (a, b, sign) => {
  const units = (a?.[0] ?? 0) + sign * b[0];
  return units === 0 ? undefined : [units, (a?.[1] ?? 0) + sign * b[1]];
};

type Named<T> = { readonly [name: string]: T } | 'many';

function addNamed<T>(a: Named<T>, b: Named<T>, sum: Sum<T>, sign: Sign = 1): Named<T> {
  if (a === 'many' || b === 'many') return 'many';
  const sums = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    const total = sum(sums.get(name), value, sign);
    if (total === undefined) sums.delete(name);
    else sums.set(name, total);
  }
  return sums.size > LIMITS.summaryNames ? 'many' : Object.fromEntries(sums);
}
