import { parsed, type Parsed } from '@custos/core-bytes';
import { verifyAnswer, type AnswerBundle, type BlockHeader, type Trust } from '@custos/core-chain';
import type { Hasher, SignatureCheck } from '@custos/core-crypto';
import { leavesFor, verdict, type Answer, type Leaves, type Question, type Verdict } from '@custos/core-custody';
import type { Entry } from '@custos/core-state';

/** The verdict on a question from the leaves of one answer, under one header. */
export interface ProvenVerdict {
  /**
   * The signatures of the header's certificate. The verdict is valid only when the caller has verified each of them.
   */
  readonly checks: readonly SignatureCheck[];
  readonly header: BlockHeader;
  /** State keys that the question needs and the answer lacks. The caller asks again with these added. */
  readonly missing: readonly string[];
  /** Absent while leaves are missing. */
  readonly verdict?: Verdict;
}

/**
 * Verifies the hashes, links and quorum of a validator's answer (L7.1), and decides the question by its leaves (V1).
 * Accepts any bundle; refuses with the codes of `verifyAnswer`. The caller verifies `checks` and decides on the age of
 * the header (`isFresh`).
 */
export function proveVerdict(
  hasher: Hasher,
  trust: Trust,
  question: Question,
  bundle: AnswerBundle,
): Parsed<ProvenVerdict> {
  const answer = verifyAnswer(hasher, trust, bundle);
  if (!answer.ok) return answer;
  const { header, checks } = answer.value;
  const leaves: Leaves = new Map(
    [...answer.value.leaves].map(([key, value]): [string, Entry | undefined] => [key, value && { value }]),
  );
  const missing = leavesFor(question, leaves);
  if (missing.length > 0) return parsed({ checks, header, missing });
  const asOf = { height: header.height, time: header.timestamp };
  return parsed({ checks, header, missing, verdict: verdict(question, leaves, asOf) });
}

/** Answers that the public receives without proof, because the leaves show more than the reader has presented (V2). */
const WITHOUT_PROOF: ReadonlySet<Answer> = new Set(['INCOMPLETE', 'MISMATCH', 'MALFORMED_SCAN']);

/** Reports whether the leaves behind a verdict may be shown to the asker (V2). */
export function mayShowProof({ asker }: Question, { answer }: Verdict): boolean {
  return asker.kind !== 'patient' || !WITHOUT_PROOF.has(answer);
}
