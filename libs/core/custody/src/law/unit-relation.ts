import { agentOf } from '@custos/core-registry';
import type { EventUnderLaw, Target } from './event-under-law.js';
import type { UnitRelation } from './rows.js';

/** Returns the relation of a unit to the signer (S6). */
export function relationOf(underLaw: EventUnderLaw, { key }: Target): UnitRelation {
  const { units, signer } = underLaw;
  const unit = units.find(key);
  if (!unit) return 'unknown';
  const { transit, possessor } = units.custody(unit);
  if (transit) return actsFor(underLaw, transit.to) ? 'coming' : 'travelling';
  return possessor === signer.gln ? 'possessed' : 'elsewhere';
}

/** Reports whether the signer is that party or its registered agent. */
export function actsFor({ signer, registered, context }: EventUnderLaw, gln: string): boolean {
  if (gln === signer.gln) return true;
  const principal = registered.party(gln);
  return principal !== undefined && agentOf(principal, signer.gln, context.timestamp) !== undefined;
}

/** Reports whether the signer may change ownership for that party: an agent needs a mandate. */
export function mayBind({ signer, registered, context }: EventUnderLaw, gln: string): boolean {
  if (gln === signer.gln) return true;
  const principal = registered.party(gln);
  return principal !== undefined && agentOf(principal, signer.gln, context.timestamp)?.mandate === true;
}
