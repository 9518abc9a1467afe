import type { JsonObject } from '@custos/core-bytes';
import { listFacts, type Refusal } from '@custos/core-state';
import type { RefusalCode } from './catalogue.js';
import type { CustodyRefused } from './types.js';

/** The refusal of one unit, before the other units of the event are judged. */
export type No = Refusal<RefusalCode>;

/** Returns the refusal of one unit with its facts. */
export function no(code: RefusalCode, facts: JsonObject = {}): No {
  return { code, facts };
}

/** Returns the refusal of an event with its facts. */
export function refuse(code: RefusalCode, facts: JsonObject = {}): CustodyRefused {
  return { outcome: 'refused', refusal: { code, facts } };
}

/** A unit (state key) that failed, with its refusal. */
export interface UnitNo {
  readonly unit: string;
  readonly no: No;
}

/**
 * S6: returns the refusal of the event as a whole, with the code of the first unit that failed and the facts of the
 * first 50.
 */
export function refuseUnits(failed: readonly [UnitNo, ...UnitNo[]]): CustodyRefused {
  const [first] = failed;
  const { list, count } = listFacts(failed.map(({ unit, no: { code, facts } }) => ({ ...facts, unit, code })));
  return refuse(first.no.code, { ...first.no.facts, unit: first.unit, units: list, count });
}
