import { isUnit, padGtin, parseScan, unitKeyOf } from '@custos/core-gs1';
import { JOBS, parseInput } from '@custos/formats-api';
import {
  INVENTORY_READS,
  inventoryOf,
  judgeCode,
  NothingProjected,
  answerWithProof,
  shownAsOf,
  VERDICT_READS,
  withSnapshot,
  type Snapshot,
} from '@custos/node-epcis-repository';
import { malformedProblem, Problem } from '@custos/shell-process';
import { unreadProblem } from './problems.js';
import type { PartnerWorld } from '../world.js';

/** A question to the rows of one moment; 503 while they are being built. */
export function answerFromSnapshot<T>(
  { postgres, network }: Pick<PartnerWorld, 'postgres' | 'network'>,
  reads: readonly string[],
  ask: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return withSnapshot(postgres, network.trust.hasher, reads, ask).catch((error: unknown) => {
    throw error instanceof NothingProjected ? unreadProblem() : error;
  });
}

/** What this organisation has, and what is on its way to it. */
export async function answerInventory(world: PartnerWorld, query: unknown) {
  const { party, asker } = world;
  const input = parseInput(JOBS.inventory.input, query, 'query');
  if (!input.ok) throw malformedProblem(input.malformed);
  const { gtin, within, limit, after } = input.value;
  const question = {
    party: party.gln,
    limit,
    after,
    ...(gtin !== undefined && { gtin: padGtin(gtin) }),
    ...(within !== undefined && { within: unitKey(within) }),
  };
  return answerFromSnapshot(world, INVENTORY_READS, async (snapshot) => {
    const page = await inventoryOf(asker, snapshot, question);
    if (page === 'hidden') throw new Problem({ status: 403, code: 'NOT_VISIBLE', title: 'This is not for you to see' });
    return { asOf: shownAsOf(snapshot), ...page };
  });
}

/** V1: one verdict on one code, as this organisation may know it; with a proof, from its own validator's leaves. */
export async function answerVerify(world: PartnerWorld, query: unknown) {
  const { asker, network, askLeaves, log } = world;
  const input = parseInput(JOBS.verify.input, query, 'query');
  if (!input.ok) throw malformedProblem(input.malformed);
  const judged = await answerFromSnapshot(world, VERDICT_READS, (snapshot) => judgeCode(asker, snapshot, input.value));
  if ('shown' in judged) return judged.shown;
  return answerWithProof({ trust: network.trust, askLeaves, log }, judged.question, judged.keys);
}

/** The contract has parsed it; a container is a unit. */
function unitKey(code: string): string {
  const scan = parseScan(code);
  if (scan.ok && isUnit(scan.value.identifier)) return unitKeyOf(scan.value.identifier);
  throw malformedProblem({ code: 'NOT_A_UNIT', field: 'within', fix: 'send the code of a case or pallet' });
}
