import { unreachable } from '@custos/core-bytes';
import { acceptWithin, actingParty, isDecision, type RegistryDecision, type RegistryEnvelope } from './acting.js';
import { locationEntry, partyEntry } from '../entries/entries.js';
import type { Agent, Location, Party } from '../entries/party.js';
import type { PartyPayload } from '../payloads/party-payload.js';
import { type ReceiptChange, overlay, type StateView } from '@custos/core-state';
import { refuse } from './refusals.js';
import { registry } from '../entries/registry.js';
import { glnKey, partyKey } from '../entries/state-keys.js';

/** Decides one transaction of kind `party` (L2.6). Pure; a refusal changes nothing. */
export function decideParty(state: StateView, envelope: RegistryEnvelope, payload: PartyPayload): RegistryDecision {
  const signer = actingParty(state, envelope);
  if (isDecision(signer)) return signer;
  switch (payload.op) {
    case 'locations':
      return changeLocations(state, signer, payload.add, payload.remove);
    case 'agents':
      return changeAgents(state, envelope, signer, payload.agents);
    case 'register':
    case 'roles':
    case 'licences':
    case 'prefixes':
      // L2.7: needs the signatures of a quorum of the members, which are not counted yet.
      return refuse('NOT_YET', { rule: 'L2.7', what: `party ${payload.op}` });
    default:
      return unreachable(payload);
  }
}

function changeLocations(
  state: StateView,
  signer: Party,
  add: readonly Omit<Location, 'party'>[],
  remove: readonly string[],
): RegistryDecision {
  const written = overlay(state);
  const receiptChanges: ReceiptChange[] = [];
  for (const { gln, country, name } of add) {
    const refusal = checkPlace(state, signer, gln);
    if (refusal) return refusal;
    written.set(glnKey(gln), locationEntry({ gln, party: signer.gln, country, name }));
    receiptChanges.push({ keys: [glnKey(gln)], set: { party: signer.gln, country, name } });
  }
  for (const gln of remove) {
    if (gln === signer.gln) return refuse('LOCATION_IS_PARTY', { gln });
    if (registry(state).location(gln)?.party !== signer.gln) return refuse('LOCATION_UNKNOWN', { gln });
    written.set(glnKey(gln), undefined);
  }
  if (remove.length > 0) receiptChanges.push({ keys: remove.map(glnKey), set: { party: null } });
  return acceptWithin(written, receiptChanges);
}

// A GLN outside all registered prefixes may be licensed singly. A GLN of another party's prefix is refused.
function checkPlace(state: StateView, signer: Party, gln: string): RegistryDecision | undefined {
  if (gln === signer.gln) return refuse('LOCATION_IS_PARTY', { gln });
  const party = registry(state).location(gln)?.party;
  if (party !== undefined && party !== signer.gln) return refuse('GLN_TAKEN', { gln, party });
  const owner = registry(state).glnOwner(gln);
  return owner !== undefined && owner !== signer.gln ? refuse('GLN_NOT_OWNED', { gln, owner }) : undefined;
}

function changeAgents(
  state: StateView,
  { hasher }: RegistryEnvelope,
  signer: Party,
  agents: readonly Agent[],
): RegistryDecision {
  const unknown = agents.find((agent) => !registry(state).party(agent.gln));
  if (unknown) return refuse('PARTY_UNKNOWN', { gln: unknown.gln });
  const written = overlay(state);
  written.set(partyKey(signer.gln), partyEntry(hasher, { ...signer, agents }));
  return acceptWithin(written, [{ keys: [partyKey(signer.gln)], set: { agents } }]);
}
