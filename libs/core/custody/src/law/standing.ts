import { agentOf } from '@custos/core-registry';
import type { Matter, Target } from './matter.js';
import type { Standing } from './rows.js';

/** S6: where a unit is, as seen from the signer. */
export function standingOf(matter: Matter, { key }: Target): Standing {
  const { units, signer } = matter;
  const unit = units.find(key);
  if (!unit) return 'unknown';
  const { transit, possessor } = units.custody(unit);
  if (transit) return actsFor(matter, transit.to) ? 'coming' : 'travelling';
  return possessor === signer.gln ? 'possessed' : 'elsewhere';
}

/** The signer is that party, or its registered agent. */
export function actsFor({ signer, registered, context }: Matter, gln: string): boolean {
  if (gln === signer.gln) return true;
  const principal = registered.party(gln);
  return principal !== undefined && agentOf(principal, signer.gln, context.timestamp) !== undefined;
}

/** As {@link actsFor}, for what changes the owner: an agent needs a mandate. */
export function mayBind({ signer, registered, context }: Matter, gln: string): boolean {
  if (gln === signer.gln) return true;
  const principal = registered.party(gln);
  return principal !== undefined && agentOf(principal, signer.gln, context.timestamp)?.mandate === true;
}
