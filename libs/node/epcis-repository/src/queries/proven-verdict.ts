import type { JsonObject } from '@custos/core-bytes';
import { answerJson, verifyAnswer, type AnswerBundle } from '@custos/core-chain';
import { leavesFor, verdict, type Answer, type Leaves, type Question } from '@custos/core-custody';
import type { Entry } from '@custos/core-state';
import type { Trust } from '@custos/node-follower';
import { away, Problem, type Log } from '@custos/shell-process';
import type { AskLeaves } from './http-leaves.js';
import { shownVerdict } from './leaves.js';

/** Whom a prover believes, and whom it asks. */
export interface Prover {
  readonly trust: Trust;
  readonly askLeaves: AskLeaves;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** The pack may move between two questions, and with it the containers whose leaves are needed. */
const MAX_ROUNDS = 4;

/** V2: to the public nothing is proven of a pack whose four elements it has not shown. */
const TOLD_WITHOUT_PROOF: ReadonlySet<Answer> = new Set(['INCOMPLETE', 'MISMATCH', 'MALFORMED_SCAN']);

interface Proven {
  readonly bundle: AnswerBundle;
  readonly leaves: Leaves;
  readonly height: number;
  readonly time: number;
}

/** V1 from proven leaves: all under one root, whose certificate is checked here as a phone would check it. */
export async function proveVerdict(prover: Prover, question: Question, guess: readonly string[]): Promise<JsonObject> {
  let keys = guess;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const proven = await prove(prover, keys);
    const missing = leavesFor(question, proven.leaves);
    if (missing.length === 0) return shownWithProof(question, proven);
    keys = [...new Set([...keys, ...missing])];
  }
  throw new Problem(
    { status: 503, code: 'MOVING', title: 'The unit moves while it is proven' },
    { 'retry-after': '1' },
  );
}

function shownWithProof(question: Question, { bundle, leaves, height, time }: Proven): JsonObject {
  const judged = verdict(question, leaves, { height, time });
  const withheld = question.asker.kind === 'patient' && TOLD_WITHOUT_PROOF.has(judged.answer);
  return withheld ? shownVerdict(judged) : { ...shownVerdict(judged), proof: answerJson(bundle) };
}

async function prove({ trust, askLeaves, log }: Prover, keys: readonly string[]): Promise<Proven> {
  const { hasher, networkId, validators, verify } = trust;
  const bundle = await askLeaves(keys).catch((error: unknown) => {
    log.warn('validator away', { error });
    throw away('The validator');
  });
  // Epoch 0 is the only one while epochLength is 0 (L3.4).
  const answer = bundle.ok ? verifyAnswer(hasher, { networkId, epoch: 0, validators }, bundle.value) : bundle;
  if (!answer.ok || !bundle.ok || !(await verify(answer.value.checks))) {
    log.error('a proof does not hold', answer.ok ? {} : { ...answer.malformed });
    throw new Problem({ status: 502, code: 'PROOF_WRONG', title: "The validator's proof does not hold" });
  }
  const { header, leaves } = answer.value;
  const entries = [...leaves].map(([key, value]): [string, Entry | undefined] => [key, value && { value }]);
  return { bundle: bundle.value, leaves: new Map(entries), height: header.height, time: header.timestamp };
}
