import type { JsonObject } from '@custos/core-bytes';
import { isUnit, parseScan, unitKeyOf } from '@custos/core-gs1';
import type { Caller } from '@custos/formats-api';
import {
  judgeCode,
  answerWithProof,
  VERDICT_READS,
  type Prover,
  type VerifyQuestion,
} from '@custos/node-epcis-repository';
import { malformedProblem, Problem } from '@custos/shell-process';
import type { SnapshotReader } from './answer-from-snapshot.js';

/** Answers V1: one verdict on one code. With a proof it is judged from the proven leaves alone, never from rows. */
export async function answerVerify(
  reader: SnapshotReader,
  prover: Prover,
  caller: Caller | undefined,
  question: VerifyQuestion,
): Promise<JsonObject> {
  const judged = await reader.answer(caller, VERDICT_READS, ({ asker, snapshot }) =>
    judgeCode(asker, snapshot, question),
  );
  if ('shown' in judged) return judged.shown;
  return answerWithProof(prover, judged.question, judged.keys);
}

/** Returns the key of the unit that a code names. @throws Problem 400 with `fix` when it names none. */
export function unitKey(code: string, field: string, fix: string): string {
  const scan = parseScan(code);
  if (!scan.ok) throw malformedProblem(scan.malformed);
  if (isUnit(scan.value.identifier)) return unitKeyOf(scan.value.identifier);
  throw malformedProblem({ code: 'NOT_A_UNIT', field, fix });
}

/** Refuses a code that is well formed and names nothing; `field` is the parameter that it came in. */
export function unknown(code: string, title: string, field: string): Problem {
  const fix = 'check the code; of a counterfeit, tell the owner of the product';
  return new Problem({ status: 404, code, title, field, fix });
}

/** Refuses what `visible` does not let this asker see. */
export function hidden(): Problem {
  const title = 'This is not for the party of this token to see';
  const fix = 'ask with the token of a party that may see it';
  return new Problem({ status: 403, code: 'NOT_VISIBLE', title, field: 'Authorization', fix });
}
