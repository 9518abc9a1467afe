import { readCode, verdict, type Purpose, type Question } from '@custos/core-custody';
import { TRACE } from '@custos/formats-api';
import { findLeavesFor, shownVerdict, VERDICT_READS } from '@custos/node-epcis-repository';
import { asking, type Sent } from '../asking.js';
import type { TraceWorld } from '../world.js';
import { proveVerdict } from './proven-verdict.js';

const PURPOSES: Readonly<Record<'check' | 'dispense' | 'return', Purpose>> = {
  check: 'check',
  dispense: 'dispense',
  return: 'saleable-return',
};

/** V1: one verdict on one code. With a proof it is judged from the proven leaves alone, never from rows. */
export async function answerVerify(world: TraceWorld, request: { readonly headers: Sent; readonly query: unknown }) {
  const answer = await asking(world, TRACE.verify, VERDICT_READS, request, async ({ asker, snapshot, query }) => {
    const { code, market, purpose, proof } = query;
    // The block's year settles the century of an expiry, so that every reader of the same block answers alike.
    const read = readCode(code, new Date(snapshot.asOf.time).getUTCFullYear());
    const question: Question = { code: read, asker, market, purpose: PURPOSES[purpose] };
    const leaves = await findLeavesFor(question, snapshot, proof ? 'public' : 'all');
    const fromRows = shownVerdict(verdict(question, leaves, snapshot.asOf));
    // A code that names nothing has no leaves, and so nothing to prove.
    return proof && leaves.size > 0 ? { question, keys: [...leaves.keys()] } : { shown: fromRows };
  });
  // Outside of the snapshot: a validator that is slow holds no connection to the database.
  return 'shown' in answer ? answer.shown : proveVerdict(world, answer.question, answer.keys);
}
