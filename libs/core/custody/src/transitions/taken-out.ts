import type { EventUnderLaw } from '../law/event-under-law.js';
import type { Unit } from '../units/unit.js';

/**
 * C5: takes a unit out of its container when it moves or ends without the container. The unit keeps the custody and
 * holds that it had from its containers (S8), and the recorded contents of the container become `broken`.
 */
export function takenOut({ units, warnings, signer }: EventUnderLaw, unit: Unit): Unit {
  if (!unit.container) return unit;
  const { key } = unit.container;
  units.takeOut(unit.key);
  warnings.add('AGGREGATION_BROKEN', unit.key);
  const container = units.get(key);
  if (container.contains) units.put({ ...container, contents: { state: 'broken', by: signer.gln } });
  return units.get(unit.key);
}
