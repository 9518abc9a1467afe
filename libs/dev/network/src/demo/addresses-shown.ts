import { loopbackAddresses } from '../addresses.js';
import type { Tokens } from '../state-directory.js';
import type { Member, Topology } from '../topology.js';
import { table } from './narration.js';

/** Returns the address that a member's callers use: of its own service, or of trace for the regulator. */
function originOf(topology: Topology, { name, app }: Member): string {
  const addresses = loopbackAddresses(topology);
  return app !== undefined ? addresses.service(name) : addresses.trace;
}

/** Returns a line for each service: its address, the token that opens it, and the page that describes it. */
export function addressLines(topology: Topology, tokens: Tokens): readonly string[] {
  const rows = topology.members.map((member) => {
    const origin = originOf(topology, member);
    return [
      member.app !== undefined ? member.name : `${member.name} (trace)`,
      origin,
      tokens.of(member.name).token,
      `${origin}/docs`,
    ];
  });
  return table([['service', 'address', 'access token', 'description of its interface'], ...rows]);
}

/** Returns a command line that asks a service in the name of its member; with a body it posts a task. */
export function curlLine(topology: Topology, tokens: Tokens, member: Member, path: string, body?: object): string {
  const url = `${originOf(topology, member)}${path}`;
  const token = `-H "Authorization: Bearer ${tokens.of(member.name).token}"`;
  if (body === undefined) return `curl -sS ${token} "${url}"`;
  const headers = `-H "Content-Type: application/json" -H "Idempotency-Key: ${crypto.randomUUID()}"`;
  return `curl -sS ${token} ${headers} -d '${JSON.stringify(body)}' "${url}"`;
}
