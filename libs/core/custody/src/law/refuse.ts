import type { JsonObject } from '@custos/core-bytes';
import { listFacts, type Refusal } from '@custos/core-state';
import type { RefusalCode } from './catalogue.js';
import type { CustodyRefused } from './types.js';

/** A "no" about one unit, before it is known whether others of the event fail too. */
export type No = Refusal<RefusalCode>;

export function no(code: RefusalCode, facts: JsonObject = {}): No {
  return { code, facts };
}

export function refuse(code: RefusalCode, facts: JsonObject = {}): CustodyRefused {
  return { outcome: 'refused', refusal: { code, facts } };
}

export interface UnitNo {
  readonly unit: string;
  readonly no: No;
}

/** S6: an event is refused as a whole, with the code of the first unit that failed and the facts of the first 50. */
export function refuseUnits(failed: readonly [UnitNo, ...UnitNo[]]): CustodyRefused {
  const [first] = failed;
  const { list, count } = listFacts(failed.map(({ unit, no: { code, facts } }) => ({ ...facts, unit, code })));
  return refuse(first.no.code, { ...first.no.facts, unit: first.unit, units: list, count });
}
