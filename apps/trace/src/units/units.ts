import type { JsonObject } from '@custos/core-bytes';
import type { Caller } from '@custos/formats-api';
import {
  answered,
  findUnit,
  JOURNEY_READS,
  journeyOf,
  noAnswer,
  shownAsOf,
  UNIT_READS,
  type Answer,
  type JourneyPage,
} from '@custos/node-epcis-repository';
import { unitKey, type SnapshotReader } from '@custos/node-member-service';

/** The events of a unit, and the unit as it stands; null when no one made it. */
export interface UnitJourney extends JourneyPage {
  readonly asOf: ReturnType<typeof shownAsOf>;
  readonly unit: JsonObject | null;
}

/** Answers with a unit as it stands. */
export function answerUnit(reader: SnapshotReader, caller: Caller | undefined, code: string) {
  return reader.answer(caller, UNIT_READS, async ({ asker, snapshot }) => {
    const key = keyOf(code);
    if (!key.ok) return key;
    const unit = await findUnit(asker, snapshot, key.value);
    return unit ? answered({ asOf: shownAsOf(snapshot), unit }) : noAnswer({ kind: 'unknown', what: 'unit' });
  });
}

/** Answers with every event of a unit. A serial that no one made may have one: the attempts with it. */
export function answerJourney(
  reader: SnapshotReader,
  caller: Caller | undefined,
  code: string,
  query: { readonly limit: number; readonly after?: number },
): Promise<Answer<UnitJourney>> {
  return reader.answer(caller, JOURNEY_READS, async ({ asker, snapshot }) => {
    const key = keyOf(code);
    if (!key.ok) return key;
    const unit = (await findUnit(asker, snapshot, key.value)) ?? null;
    const page = await journeyOf(asker, snapshot, key.value, query);
    if (!unit && page.steps.length === 0) return noAnswer({ kind: 'unknown', what: 'events of a unit' });
    return answered({ asOf: shownAsOf(snapshot), unit, ...page });
  });
}

function keyOf(code: string): Answer<string> {
  return unitKey(code, 'code', 'send the code of one pack, case or pallet, with its serial number');
}
