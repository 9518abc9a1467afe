import { isUnit, parseScan, unitKeyOf } from '@custos/core-gs1';
import { TRACE } from '@custos/formats-api';
import { findUnit, JOURNEY_READS, journeyOf, shownAsOf, UNIT_READS } from '@custos/node-epcis-repository';
import { malformedProblem } from '@custos/shell-process';
import { asking, unknown, type Sent } from '../asking.js';
import type { TraceWorld } from '../world.js';

interface Request {
  readonly headers: Sent;
  readonly query: unknown;
}

/** A unit as it stands. */
export function answerUnit(world: TraceWorld, code: string, request: Request) {
  return asking(world, TRACE.unit, UNIT_READS, request, async ({ asker, snapshot }) => {
    const unit = await findUnit(asker, snapshot, unitKey(code));
    if (!unit) throw unknown('UNKNOWN_UNIT', 'No such unit was ever commissioned', 'code');
    return { asOf: shownAsOf(snapshot), unit };
  });
}

/** Every event of a unit. A serial that no one made may have one: the attempts with it. */
export function answerJourney(world: TraceWorld, code: string, request: Request) {
  return asking(world, TRACE.journey, JOURNEY_READS, request, async ({ asker, snapshot, query }) => {
    const key = unitKey(code);
    const unit = (await findUnit(asker, snapshot, key)) ?? null;
    const page = await journeyOf(asker, snapshot, key, query);
    if (!unit && page.steps.length === 0) throw unknown('UNKNOWN_UNIT', 'No event names such a unit', 'code');
    return { asOf: shownAsOf(snapshot), unit, ...page };
  });
}

function unitKey(code: string): string {
  const scan = parseScan(code);
  if (!scan.ok) throw malformedProblem(scan.malformed);
  if (isUnit(scan.value.identifier)) return unitKeyOf(scan.value.identifier);
  const fix = 'send the code of one pack, case or pallet, with its serial number';
  throw malformedProblem({ code: 'NOT_A_UNIT', field: 'code', fix });
}
