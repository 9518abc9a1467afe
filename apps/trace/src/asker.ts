import { askerOf, PATIENT, type Asker } from '@custos/core-access';
import { partyKey, registry } from '@custos/core-registry';
import { mapView } from '@custos/core-state';
import type { Caller } from '@custos/formats-api';
import { findEntries, type Snapshot } from '@custos/node-epcis-repository';

/**
 * Decides who asks: a patient without a token, else the party behind it. What that party may see follows from its roles
 * on the chain, not from the token. Undefined when the party is not of this network.
 */
export async function askerBehind(caller: Caller | undefined, snapshot: Snapshot): Promise<Asker | undefined> {
  if (!caller) return PATIENT;
  const party = registry(mapView(await findEntries(snapshot, [partyKey(caller.party)]))).party(caller.party);
  return party && askerOf(party);
}
