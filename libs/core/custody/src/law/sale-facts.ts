import type { EventUnderLaw } from './event-under-law.js';
import { refuse } from './refuse.js';
import type { LotFacts, SaleFacts } from './saleable.js';
import type { CustodyRefused } from './types.js';
import type { Unit } from '../units/unit.js';
import { gtinOfLot } from '../state-keys.js';

/**
 * Returns the facts that decide whether a unit, with all units inside it, may be sold. A container is judged by its
 * kept summary. Only above 256 lots are its children read, and their number is checked first: refuses TOO_MUCH_WORK
 * (L6.5, L5.5).
 */
export function gatherSaleFacts(underLaw: EventUnderLaw, unit: Unit): SaleFacts | CustodyRefused {
  const { units } = underLaw;
  const around = [unit, ...units.ancestors(unit)];
  const lots = lotsOf(underLaw, unit);
  if ('outcome' in lots) return lots;
  const own = unit.lot === undefined ? [] : [unit.lot];
  return {
    lots: [...new Set([...own, ...lots])].map((key) =>
      lotFacts(underLaw, key, key === unit.lot ? unit.expiry : undefined),
    ),
    products: [...new Set([...own, ...lots].map(gtinOfLot))].map((gtin) => ({
      gtin,
      withdrawn: underLaw.registered.productOf(gtin)?.withdrawn ?? {},
    })),
    lifecycles: around.map(({ lifecycle }) => lifecycle),
    holds: around.flatMap(({ holds }) => (holds ?? []).map(({ kind }) => kind)),
    inactiveInside: unit.contains?.inactive ?? 0,
    heldInside: unit.contains?.held ?? 0,
    transit: units.custody(unit).transit,
  };
}

function lotFacts({ units }: EventUnderLaw, key: string, ownExpiry: string | undefined): LotFacts {
  const lot = units.findLot(key);
  return { key, expiry: ownExpiry ?? lot?.expiry, recalls: lot?.recalls ?? [] };
}

function lotsOf(underLaw: EventUnderLaw, unit: Unit): readonly string[] | CustodyRefused {
  const lots = unit.contains?.lots ?? {};
  if (lots !== 'many') return Object.keys(lots);
  const needed = unit.contains!.levels.reduce((sum, count) => sum + count, 0);
  const left = underLaw.context.budget.reads - underLaw.view.reads();
  if (needed > left) return refuse('TOO_MUCH_WORK', { needed, left: Math.max(left, 0) });
  return [...new Set(lotsBelow(underLaw, unit))];
}

function lotsBelow(underLaw: EventUnderLaw, unit: Unit): readonly string[] {
  return underLaw.units.children(unit).flatMap((key) => {
    const child = underLaw.units.get(key);
    return [...(child.lot === undefined ? [] : [child.lot]), ...lotsBelow(underLaw, child)];
  });
}
