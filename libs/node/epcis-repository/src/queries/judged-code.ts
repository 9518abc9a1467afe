import type { JsonObject } from '@custos/core-bytes';
import { readCode, verdict, type Purpose, type Question } from '@custos/core-custody';
import { type Asker } from '@custos/core-access';
import { findLeavesFor, shownVerdict } from './leaves.js';
import type { Snapshot } from './snapshot.js';

/** The question of `/verify`, on trace and on every partner service. */
export interface VerifyQuestion {
  readonly code: string;
  readonly market?: string;
  readonly purpose: 'check' | 'dispense' | 'return';
  readonly proof: boolean;
}

/** The verdict from rows, or what is to be proven: outside of the snapshot, since a validator may be slow. */
export type JudgedCode =
  { readonly shown: JsonObject } | { readonly question: Question; readonly keys: readonly string[] };

const PURPOSES: Readonly<Record<VerifyQuestion['purpose'], Purpose>> = {
  check: 'check',
  dispense: 'dispense',
  return: 'saleable-return',
};

/** V1: one verdict on one code, for whoever asks. */
export async function judgeCode(
  asker: Asker,
  snapshot: Snapshot,
  { code, market, purpose, proof }: VerifyQuestion,
): Promise<JudgedCode> {
  // The block's year settles the century of an expiry, so that every reader of the same block answers alike.
  const read = readCode(code, new Date(snapshot.asOf.time).getUTCFullYear());
  const question: Question = { code: read, asker, market, purpose: PURPOSES[purpose] };
  const leaves = await findLeavesFor(question, snapshot, proof ? 'public' : 'all');
  // A code that names nothing has no leaves, and so nothing to prove.
  if (proof && leaves.size > 0) return { question, keys: [...leaves.keys()] };
  return { shown: shownVerdict(verdict(question, leaves, snapshot.asOf)) };
}
