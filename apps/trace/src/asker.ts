import { askerOf, PATIENT, type Asker } from '@custos/core-access';
import { partyKey, registry } from '@custos/core-registry';
import { mapView } from '@custos/core-state';
import type { Caller } from '@custos/formats-api';
import { findEntries, type Snapshot } from '@custos/node-epcis-repository';
import { Problem } from '@custos/shell-process';

/**
 * Decides who asks: a patient without a token, else the party behind it. What that party may see follows from its roles
 * on the chain, not from the token. @throws Problem 403 when the party is not of this network.
 */
export async function askerBehind(caller: Caller | undefined, snapshot: Snapshot): Promise<Asker> {
  if (!caller) return PATIENT;
  const party = registry(mapView(await findEntries(snapshot, [partyKey(caller.party)]))).party(caller.party);
  if (party) return askerOf(party);
  const title = "The token's party is not of this network";
  const fix = 'register the party, or send the token of one that is';
  throw new Problem({ status: 403, code: 'PARTY_UNKNOWN', title, field: 'Authorization', fix });
}
