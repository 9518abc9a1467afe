import type { Matter } from './matter.js';
import { refuse } from './refuse.js';
import type { LotStanding, Standings } from './saleable.js';
import { gtinOfLot } from '../units/summary.js';
import type { CustodyRefused } from './types.js';
import type { Unit } from '../units/unit.js';

/**
 * What speaks for or against the sale of a unit and of all inside. A container is judged by its kept summary; only
 * above 256 lots are the children looked into, and then their number is weighed first (L6.5, L5.5).
 */
export function gatherStandings(matter: Matter, unit: Unit): Standings | CustodyRefused {
  const { units } = matter;
  const around = [unit, ...units.ancestors(unit)];
  const lots = lotsOf(matter, unit);
  if ('outcome' in lots) return lots;
  const own = unit.lot === undefined ? [] : [unit.lot];
  return {
    lots: [...new Set([...own, ...lots])].map((key) =>
      lotStanding(matter, key, key === unit.lot ? unit.expiry : undefined),
    ),
    products: [...new Set([...own, ...lots].map(gtinOfLot))].map((gtin) => ({
      gtin,
      withdrawn: matter.registered.productOf(gtin)?.withdrawn ?? {},
    })),
    lifecycles: around.map(({ lifecycle }) => lifecycle),
    holds: around.flatMap(({ holds }) => (holds ?? []).map(({ kind }) => kind)),
    inactiveInside: unit.contains?.inactive ?? 0,
    heldInside: unit.contains?.held ?? 0,
    transit: units.custody(unit).transit,
  };
}

function lotStanding({ units }: Matter, key: string, ownExpiry: string | undefined): LotStanding {
  const lot = units.findLot(key);
  return { key, expiry: ownExpiry ?? lot?.expiry, recalls: lot?.recalls ?? [] };
}

function lotsOf(matter: Matter, unit: Unit): readonly string[] | CustodyRefused {
  const lots = unit.contains?.lots ?? {};
  if (lots !== 'many') return Object.keys(lots);
  const needed = unit.contains!.levels.reduce((sum, count) => sum + count, 0);
  const left = matter.context.budget.reads - matter.view.reads();
  if (needed > left) return refuse('TOO_MUCH_WORK', { needed, left: Math.max(left, 0) });
  return [...new Set(lotsBelow(matter, unit))];
}

function lotsBelow(matter: Matter, unit: Unit): readonly string[] {
  return matter.units.children(unit).flatMap((key) => {
    const child = matter.units.get(key);
    return [...(child.lot === undefined ? [] : [child.lot]), ...lotsBelow(matter, child)];
  });
}
