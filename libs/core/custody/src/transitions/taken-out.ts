import type { EventUnderLaw } from '../law/event-under-law.js';
import type { Unit } from '../units/unit.js';

/**
 * C5: a unit moves or ends while its container is not in the event. It leaves the container with all it had from it
 * (S8), and what the container was said to hold is disproved.
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
