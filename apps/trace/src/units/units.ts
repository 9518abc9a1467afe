import type { Caller } from '@custos/formats-api';
import { findUnit, JOURNEY_READS, journeyOf, shownAsOf, UNIT_READS } from '@custos/node-epcis-repository';
import { unitKey, unknown, type SnapshotReader } from '@custos/node-member-service';

/** Answers with a unit as it stands. */
export function answerUnit(reader: SnapshotReader, caller: Caller | undefined, code: string) {
  return reader.answer(caller, UNIT_READS, async ({ asker, snapshot }) => {
    const unit = await findUnit(asker, snapshot, keyOf(code));
    if (!unit) throw unknown('UNKNOWN_UNIT', 'No such unit was ever commissioned', 'code');
    return { asOf: shownAsOf(snapshot), unit };
  });
}

/** Answers with every event of a unit. A serial that no one made may have one: the attempts with it. */
export function answerJourney(
  reader: SnapshotReader,
  caller: Caller | undefined,
  code: string,
  query: { readonly limit: number; readonly after?: number },
) {
  return reader.answer(caller, JOURNEY_READS, async ({ asker, snapshot }) => {
    const key = keyOf(code);
    const unit = (await findUnit(asker, snapshot, key)) ?? null;
    const page = await journeyOf(asker, snapshot, key, query);
    if (!unit && page.steps.length === 0) throw unknown('UNKNOWN_UNIT', 'No event names such a unit', 'code');
    return { asOf: shownAsOf(snapshot), unit, ...page };
  });
}

function keyOf(code: string): string {
  return unitKey(code, 'code', 'send the code of one pack, case or pallet, with its serial number');
}
