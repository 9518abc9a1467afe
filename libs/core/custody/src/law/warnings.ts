import { listFacts, type Warning } from '@custos/core-state';
import type { WarningCode } from './catalogue.js';

/** A collector of warnings by code. A receipt lists the first 50 units of each, and their count. */
export interface Warnings {
  add(code: WarningCode, unit?: string): void;
  list(): readonly Warning[];
}

/** Returns an empty collector of warnings. */
export function warnings(): Warnings {
  const units = new Map<WarningCode, Set<string>>();
  return {
    add(code, unit) {
      const told = units.get(code) ?? new Set();
      if (unit !== undefined) told.add(unit);
      units.set(code, told);
    },
    list: () => [...units].map(([code, told]) => warningOf(code, [...told])),
  };
}

function warningOf(code: WarningCode, told: readonly string[]): Warning {
  if (told.length === 0) return { code };
  const { list, count } = listFacts(told);
  const listed = list as readonly string[];
  return count > listed.length ? { code, units: listed, facts: { count } } : { code, units: listed };
}
