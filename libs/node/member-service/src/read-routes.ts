import type { JsonObject } from '@custos/core-bytes';
import { isUnit, parseScan, unitKeyOf } from '@custos/core-gs1';
import type { Caller } from '@custos/formats-api';
import {
  answered,
  answerWithProof,
  judgeCode,
  noAnswer,
  VERDICT_READS,
  type Answer,
  type Prover,
  type VerifyQuestion,
} from '@custos/node-epcis-repository';
import type { SnapshotReader } from './answer-from-snapshot.js';

/** Answers V1: one verdict on one code. With a proof it is judged from the proven leaves alone, never from rows. */
export async function answerVerify(
  reader: SnapshotReader,
  prover: Prover,
  caller: Caller | undefined,
  question: VerifyQuestion,
): Promise<Answer<JsonObject>> {
  const judged = await reader.answer(caller, VERDICT_READS, async ({ asker, snapshot }) =>
    answered(await judgeCode(asker, snapshot, question)),
  );
  if (!judged.ok) return judged;
  if ('shown' in judged.value) return answered(judged.value.shown);
  return answerWithProof(prover, judged.value.question, judged.value.keys);
}

/** Returns the key of the unit that a code names; malformed, with `fix`, when it names none. */
export function unitKey(code: string, field: string, fix: string): Answer<string> {
  const scan = parseScan(code);
  if (!scan.ok) return noAnswer({ kind: 'malformed', malformed: scan.malformed });
  if (isUnit(scan.value.identifier)) return answered(unitKeyOf(scan.value.identifier));
  return noAnswer({ kind: 'malformed', malformed: { code: 'NOT_A_UNIT', field, fix } });
}
