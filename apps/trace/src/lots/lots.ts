import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { identify, isUri, parseScan, toDigitalLink, type Gtin, type Lgtin } from '@custos/core-gs1';
import type { Caller } from '@custos/formats-api';
import {
  answered,
  noAnswer,
  REACH_READS,
  reachOf,
  shownAsOf,
  type Answer,
  type Reach,
} from '@custos/node-epcis-repository';
import type { SnapshotReader } from '@custos/node-member-service';

/** The holders of a lot, and the time that the database took to find them, in milliseconds. */
export interface LotReach extends Omit<Reach, 'gtin'> {
  readonly asOf: ReturnType<typeof shownAsOf>;
  /** Digital Link of the lot. */
  readonly lot: string;
  readonly took: number;
}

/** Answers A3: who holds what of a lot, and how long the database took to say so. */
export function answerReach(
  reader: SnapshotReader,
  caller: Caller | undefined,
  code: string,
): Promise<Answer<LotReach>> {
  return reader.answer(caller, REACH_READS, async ({ asker, snapshot }) => {
    const lgtin = lgtinOf(code);
    if (!lgtin.ok) return noAnswer({ kind: 'malformed', malformed: lgtin.malformed });
    const begun = performance.now();
    const reach = await reachOf(asker, snapshot, lgtin.value);
    const took = performance.now() - begun;
    if (reach === 'hidden') return noAnswer({ kind: 'hidden' });
    if (reach === 'unknown') return noAnswer({ kind: 'unknown', what: 'lot' });
    const { gtin, recalls, holders, units } = reach;
    const lot = toDigitalLink({ ...lgtin.value, gtin: gtin as Gtin });
    return answered({ asOf: shownAsOf(snapshot), lot, recalls, holders, units, took });
  });
}

function lgtinOf(code: string): Parsed<Lgtin> {
  // S1: a URI in any spelling; what a scanner sends is no URI.
  const read = isUri(code) ? identify(code) : parseScan(code);
  if (!read.ok) return read;
  const { identifier } = read.value;
  if (identifier.kind === 'lgtin') return parsed(identifier);
  const fix = 'send GTIN and lot number: urn:epc:class:lgtin:..., or /01/<GTIN>/10/<lot> of a Digital Link';
  return malformed('NOT_A_LOT', 'lgtin', fix);
}
