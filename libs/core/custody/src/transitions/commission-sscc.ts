import { agentOf } from '@custos/core-registry';
import { SSCC_REST_MS } from '../limits.js';
import { judgeEach, placeFor, touched, type Matter, type Target, type Transition } from '../law/matter.js';
import { no, type No } from '../law/refuse.js';
import type { Unit } from '../units/unit.js';
import { newUnit } from './commission.js';

/** C2: a logistic unit comes to life, or begins its next one. */
export const commissionSscc: Transition = (matter, targets) =>
  judgeEach(matter, targets, (target) => commissionOne(matter, target));

function commissionOne(matter: Matter, target: Target): No | undefined {
  const { registered, units, signer } = matter;
  if (target.identifier.kind !== 'sscc') throw new Error('C2 is for SSCCs');
  const holder = registered.ssccOwner(target.identifier.sscc);
  if (!mayBegin(matter, holder)) return no('PREFIX_NOT_OWNED', { holder: holder ?? null, signer: signer.gln });
  const known = units.find(target.key);
  if (!known) {
    units.begin(newUnit(matter, target.key, {}));
    return undefined;
  }
  if (!hasRested(known, matter.context.timestamp)) return no('SSCC_IN_USE', { incarnation: known.incarnation });
  units.put(nextLife(matter, known));
  return undefined;
}

/** Holder of the prefix, or its agent. */
export function mayBegin({ registered, signer, context }: Matter, holder: string | undefined): boolean {
  if (holder === undefined) return false;
  const principal = registered.party(holder);
  return holder === signer.gln || (!!principal && agentOf(principal, signer.gln, context.timestamp) !== undefined);
}

function hasRested({ contains, container, custody, lastShippedAt }: Unit, now: number): boolean {
  if (contains || container || custody?.transit) return false;
  return lastShippedAt !== undefined && lastShippedAt + SSCC_REST_MS <= now;
}

function nextLife(matter: Matter, { key, incarnation, last }: Unit): Unit {
  const fresh = newUnit(matter, key, {});
  const location = placeFor(matter);
  const custody = { possessor: matter.signer.gln, location };
  return touched(matter, { ...fresh, custody, incarnation: incarnation + 1, last });
}
