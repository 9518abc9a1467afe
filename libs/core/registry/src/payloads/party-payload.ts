import { attempt, fields, type Fields, type Json, type Parsed } from '@custos/core-bytes';
import { MAX_AGENTS, MAX_LOCATIONS } from '../limits.js';
import type { Agent, Location } from '../entries/party.js';
import { agentAt, glnAt, placeAt, withoutRepeats } from '../entries/terms.js';

/**
 * The payload of a transaction of kind `party` (L2.6). A party changes its own locations and agents; the other
 * operations need a quorum (L2.7).
 */
export type PartyPayload =
  | { readonly op: 'locations'; readonly add: readonly Omit<Location, 'party'>[]; readonly remove: readonly string[] }
  | { readonly op: 'agents'; readonly agents: readonly Agent[] }
  | { readonly op: GovernanceOp };

const GOVERNANCE_OPS = ['register', 'roles', 'licences', 'prefixes'] as const;
type GovernanceOp = (typeof GOVERNANCE_OPS)[number];
const OPS = ['locations', 'agents', ...GOVERNANCE_OPS] as const;

/** Parses the payload of kind `party` (L2.6). The fields of operations that need a quorum are not read yet. */
export function parsePartyPayload(value: Json): Parsed<PartyPayload> {
  return attempt(() => {
    const source = fields(value, '');
    const op = source.oneOf('op', OPS);
    if (op !== 'locations' && op !== 'agents') return { op };
    const payload: PartyPayload = op === 'locations' ? locationsOf(source) : { op, agents: agentsOf(source) };
    source.end();
    return payload;
  });
}

function locationsOf(source: Fields): PartyPayload {
  const add = source.list('add', MAX_LOCATIONS, placeAt);
  const remove = source.list('remove', MAX_LOCATIONS, glnAt);
  withoutRepeats([...add.map((place) => place.gln), ...remove], (gln) => gln, source.at('add'));
  return { op: 'locations', add, remove };
}

/** Reads the list of agents of a party, each at most once. Refuses REPEATED. */
export function agentsOf(source: Fields): readonly Agent[] {
  const agents = source.list('agents', MAX_AGENTS, agentAt);
  return withoutRepeats(agents, (agent) => agent.gln, source.at('agents'));
}
