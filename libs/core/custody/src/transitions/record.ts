import { judgeEach, type Transition } from '../law/event-under-law.js';

/**
 * C24: records valid EPCIS that no other row takes; it judges no unit. M1 applies here too: an event of the possessor
 * at a place of its own moves the unit.
 */
export const record: Transition = (underLaw, targets) =>
  judgeEach(underLaw, targets, ({ key }) => {
    const { units, signer, place, warnings } = underLaw;
    const unit = units.find(key);
    if (!unit) {
      warnings.add('UNKNOWN_UNIT', key);
      return undefined;
    }
    const { custody } = unit;
    // C5: a sighting removes no unit from its container. C21: it is never the last event of a unit.
    if (!custody || custody.transit || custody.possessor !== signer.gln || place === undefined) return undefined;
    units.put({ ...unit, custody: { ...custody, location: place } });
    return undefined;
  });
