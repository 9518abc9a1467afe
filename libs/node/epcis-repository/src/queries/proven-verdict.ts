import type { JsonObject, Parsed } from '@custos/core-bytes';
import { answerJson, type AnswerBundle } from '@custos/core-chain';
import type { Question } from '@custos/core-custody';
import { mayShowProof, proveVerdict, type ProvenVerdict } from '@custos/core-light-client';
import type { Trust } from '@custos/node-follower';
import type { Log } from '@custos/shell-process';
import { answered, noAnswer, type Answer } from './answer.js';
import { shownVerdict } from './leaves.js';

/** Asks a validator for leaves under its newest final block, with proofs. Rejects when it is away. */
export type AskLeaves = (keys: readonly string[]) => Promise<Parsed<AnswerBundle>>;

/** The validators that a prover believes, and the one that it asks. */
export interface Prover {
  readonly trust: Trust;
  readonly askLeaves: AskLeaves;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** The pack may move between two questions, and with it the containers whose leaves are needed. */
const MAX_ROUNDS = 4;

/**
 * Answers a question (V1) from proven leaves: all under one root, whose certificate is checked here as a phone would check
 * it. `guess` are the keys to begin with.
 */
export async function answerWithProof(
  prover: Prover,
  question: Question,
  guess: readonly string[],
): Promise<Answer<JsonObject>> {
  let keys = guess;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const bundle = await ask(prover, keys);
    if (!bundle) return noAnswer({ kind: 'away', what: 'The validator' });
    const proven = await checked(prover, question, bundle);
    if (!proven.ok) return proven;
    const { verdict, missing } = proven.value;
    if (verdict && bundle.ok) {
      const shown = shownVerdict(verdict);
      return answered(mayShowProof(question, verdict) ? { ...shown, proof: answerJson(bundle.value) } : shown);
    }
    keys = [...new Set([...keys, ...missing])];
  }
  return noAnswer({ kind: 'moving' });
}

/** Undefined when the validator is away. */
async function ask({ askLeaves, log }: Prover, keys: readonly string[]): Promise<Parsed<AnswerBundle> | undefined> {
  try {
    return await askLeaves(keys);
  } catch (error) {
    log.warn('validator away', { error });
    return undefined;
  }
}

async function checked(
  { trust, log }: Prover,
  question: Question,
  bundle: Parsed<AnswerBundle>,
): Promise<Answer<ProvenVerdict>> {
  const { hasher, networkId, validators, verify } = trust;
  // Epoch 0 is the only one while epochLength is 0 (L3.4).
  const proven = bundle.ok ? proveVerdict(hasher, { networkId, epoch: 0, validators }, question, bundle.value) : bundle;
  if (proven.ok && (await verify(proven.value.checks))) return answered(proven.value);
  log.error('a proof does not hold', proven.ok ? {} : { ...proven.malformed });
  return noAnswer({ kind: 'unproven' });
}
