import { PATIENT, askerOf, type Asker } from '@custos/core-access';
import { partyKey, registry } from '@custos/core-registry';
import { mapView } from '@custos/core-state';
import { parseInput, type Caller, type Route } from '@custos/formats-api';
import { findEntries, NothingProjected, withSnapshot, type Snapshot } from '@custos/node-epcis-repository';
import { away, malformedProblem, Problem } from '@custos/shell-process';
import type { z } from 'zod';
import type { TraceWorld } from './world.js';

export type Sent = Readonly<Record<string, string | undefined>>;

/** What a route knows of its caller before it asks. */
export interface Question<T> {
  readonly asker: Asker;
  readonly snapshot: Snapshot;
  /** The query, parsed. */
  readonly query: T;
}

/** One request of a route: caller, query, rows of one moment; then `answer`. 401 without a known token. */
export async function asking<I extends z.ZodType, A>(
  world: TraceWorld,
  route: Pick<Route<I>, 'access' | 'input'>,
  reads: readonly string[],
  sent: { readonly headers: Sent; readonly query: unknown },
  answer: (question: Question<z.output<I>>) => Promise<A>,
): Promise<A> {
  const caller = callerOf(world, route.access === 'public', sent.headers);
  const query = parseInput(route.input, sent.query, 'query');
  if (!query.ok) throw malformedProblem(query.malformed);
  const { postgres, network } = world;
  return withSnapshot(postgres, network.trust.hasher, reads, async (snapshot) =>
    answer({ asker: await askerBehind(caller, snapshot), snapshot, query: query.value }),
  ).catch((error: unknown) => {
    throw error instanceof NothingProjected ? away('The chain') : error;
  });
}

// A public route takes no token as a patient, and a wrong token as a mistake.
function callerOf({ callerOf }: TraceWorld, isPublic: boolean, { authorization }: Sent): Caller | undefined {
  if (isPublic && authorization === undefined) return undefined;
  const caller = callerOf(authorization);
  if (caller) return caller;
  const fix = 'send Authorization: Bearer <token>';
  const title = 'No token, or none that is known here';
  const details = { status: 401, code: 'UNAUTHENTICATED', title, field: 'Authorization', fix };
  throw new Problem(details, { 'www-authenticate': 'Bearer' });
}

/** Who asks follows from the party's roles on the chain, not from the token. */
async function askerBehind(caller: Caller | undefined, snapshot: Snapshot): Promise<Asker> {
  if (!caller) return PATIENT;
  const party = registry(mapView(await findEntries(snapshot, [partyKey(caller.party)]))).party(caller.party);
  if (party) return askerOf(party);
  const title = "The token's party is not of this network";
  const fix = 'register the party, or send the token of one that is';
  throw new Problem({ status: 403, code: 'PARTY_UNKNOWN', title, field: 'Authorization', fix });
}

/** Of a code that is well formed: `field` is the parameter that it came in. */
export function unknown(code: string, title: string, field: string): Problem {
  const fix = 'check the code; of a counterfeit, tell the owner of the product';
  return new Problem({ status: 404, code, title, field, fix });
}

/** What `visible` does not let this asker see. */
export function hidden(): Problem {
  const title = 'This is not for the party of this token to see';
  const fix = 'ask with the token of a party that may see it';
  return new Problem({ status: 403, code: 'NOT_VISIBLE', title, field: 'Authorization', fix });
}
