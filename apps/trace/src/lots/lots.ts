import { identify, isUri, parseScan, toDigitalLink, type Gtin, type Lgtin } from '@custos/core-gs1';
import type { Caller } from '@custos/formats-api';
import { REACH_READS, reachOf, shownAsOf } from '@custos/node-epcis-repository';
import { hidden, unknown, type SnapshotReader } from '@custos/node-member-service';
import { malformedProblem } from '@custos/shell-process';

/** Answers A3: who holds what of a lot, and how long the database took to say so. */
export function answerReach(reader: SnapshotReader, caller: Caller | undefined, code: string) {
  return reader.answer(caller, REACH_READS, async ({ asker, snapshot }) => {
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
