import { identify, isUri, parseScan, toDigitalLink, type Gtin, type Lgtin } from '@custos/core-gs1';
import { TRACE } from '@custos/formats-api';
import { REACH_READS, reachOf, shownAsOf } from '@custos/node-epcis-repository';
import { malformedProblem } from '@custos/shell-process';
import { asking, hidden, unknown, type Sent } from '../asking.js';
import type { TraceWorld } from '../world.js';

/** A3: who holds what of a lot, and how long the database took to say so. */
export function answerReach(
  world: TraceWorld,
  code: string,
  request: { readonly headers: Sent; readonly query: unknown },
) {
  return asking(world, TRACE.reach, REACH_READS, request, async ({ asker, snapshot }) => {
    const lgtin = lgtinOf(code);
    const begun = performance.now();
    const reach = await reachOf(asker, snapshot, lgtin);
    const took = performance.now() - begun;
    if (reach === 'hidden') throw hidden();
    if (reach === 'unknown') throw unknown('UNKNOWN_LOT', 'No such lot was made or recalled', 'lgtin');
    const { gtin, recalls, holders, units } = reach;
    const lot = toDigitalLink({ ...lgtin, gtin: gtin as Gtin });
    return { asOf: shownAsOf(snapshot), lot, recalls, holders, units, took };
  });
}

function lgtinOf(code: string): Lgtin {
  // S1: a URI in any spelling; what a scanner sends is no URI.
  const read = isUri(code) ? identify(code) : parseScan(code);
  if (!read.ok) throw malformedProblem(read.malformed);
  const { identifier } = read.value;
  if (identifier.kind === 'lgtin') return identifier;
  const fix = 'send GTIN and lot number: urn:epc:class:lgtin:..., or /01/<GTIN>/10/<lot> of a Digital Link';
  throw malformedProblem({ code: 'NOT_A_LOT', field: 'lgtin', fix });
}
