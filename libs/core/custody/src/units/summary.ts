import { LIMITS } from '../limits.js';
import { gtinOfUnitKey } from '@custos/core-gs1';
import type { ContainerSummary, Count, Unit } from './unit.js';
import { gtinOfLot } from '../state-keys.js';

// L6.5: summaries are sums. The share that a unit adds to its container counts one level higher in the next container.

/** Returns the share that a unit and all units inside it add to its container. */
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

/** Returns the same share for the next container up. */
export function oneLevelUp(share: ContainerSummary): ContainerSummary {
  return { ...share, levels: [0, ...share.levels] };
}

/** Adds a share to the summary of a container; an undefined summary is that of an empty container. */
export function addShare(summary: ContainerSummary | undefined, share: ContainerSummary): ContainerSummary {
  return combine(summary ?? EMPTY, share, 1);
}

/** Subtracts a share, which must be part of the summary. Returns undefined when nothing is left inside. */
export function subtractShare(
  summary: ContainerSummary | undefined,
  share: ContainerSummary,
): ContainerSummary | undefined {
  const rest = combine(summary ?? EMPTY, share, -1);
  return rest.levels.length === 0 ? undefined : rest;
}

/** Returns the number of levels below a unit: 0 when nothing is inside. */
export function heightOf(unit: Unit): number {
  return unit.contains?.levels.length ?? 0;
}

/** Reports whether a summary holds serialised goods, not only empty containers. */
function holdsGoods(summary: ContainerSummary | undefined): boolean {
  return summary !== undefined && (summary.gtins === 'many' || Object.keys(summary.gtins).length > 0);
}

/** Reports whether the unit itself, or some unit inside it, is serialised goods. */
export function hasGoods(unit: Pick<Unit, 'lot' | 'contains'>): boolean {
  return unit.lot !== undefined || holdsGoods(unit.contains);
}

/** Reports whether a unit is a pack, the base level of its product. */
function isPack(unit: Pick<Unit, 'key' | 'lot'>): boolean {
  return unit.lot !== undefined && gtinOfUnitKey(unit.key) === gtinOfLot(unit.lot);
}

const EMPTY: ContainerSummary = { levels: [], packs: 0, lots: {}, gtins: {}, held: 0, inactive: 0 };

type Sign = 1 | -1;
type Sum<T> = (a: T | undefined, b: T, sign: Sign) => T | undefined;

function combine(a: ContainerSummary, b: ContainerSummary, sign: Sign): ContainerSummary {
  const levels = combineLevels(a.levels, b.levels, sign);
  // Subtraction cannot undo `many`; only an empty container starts again.
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
