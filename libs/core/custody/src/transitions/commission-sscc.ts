import { agentOf } from '@custos/core-registry';
import { SSCC_REST_MS } from '../limits.js';
import {
  judgeEach,
  placeFor,
  touched,
  type EventUnderLaw,
  type Target,
  type Transition,
} from '../law/event-under-law.js';
import { no, type No } from '../law/refuse.js';
import type { Unit } from '../units/unit.js';
import { newUnit } from './commission.js';

/** C2: commissions a logistic unit, or starts its next incarnation. */
export const commissionSscc: Transition = (underLaw, targets) =>
  judgeEach(underLaw, targets, (target) => commissionOne(underLaw, target));

function commissionOne(underLaw: EventUnderLaw, target: Target): No | undefined {
  const { registered, units, signer } = underLaw;
  if (target.identifier.kind !== 'sscc') throw new Error('C2 is for SSCCs');
  const holder = registered.ssccOwner(target.identifier.sscc);
  if (!mayBegin(underLaw, holder)) return no('PREFIX_NOT_OWNED', { holder: holder ?? null, signer: signer.gln });
  const known = units.find(target.key);
  if (!known) {
    units.begin(newUnit(underLaw, target.key, {}));
    return undefined;
  }
  if (!hasRested(known, underLaw.context.timestamp)) return no('SSCC_IN_USE', { incarnation: known.incarnation });
  units.put(nextLife(underLaw, known));
  return undefined;
}

/** Reports whether the signer is the holder of the prefix or its agent. */
export function mayBegin({ registered, signer, context }: EventUnderLaw, holder: string | undefined): boolean {
  if (holder === undefined) return false;
  const principal = registered.party(holder);
  return holder === signer.gln || (!!principal && agentOf(principal, signer.gln, context.timestamp) !== undefined);
}

function hasRested({ contains, container, custody, lastShippedAt }: Unit, now: number): boolean {
  if (contains || container || custody?.transit) return false;
  return lastShippedAt !== undefined && lastShippedAt + SSCC_REST_MS <= now;
}

function nextLife(underLaw: EventUnderLaw, { key, incarnation, last }: Unit): Unit {
  const fresh = newUnit(underLaw, key, {});
  const location = placeFor(underLaw);
  const custody = { possessor: underLaw.signer.gln, location };
  return touched(underLaw, { ...fresh, custody, incarnation: incarnation + 1, last });
}
