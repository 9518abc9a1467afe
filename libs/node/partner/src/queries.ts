import { readCode, type Purpose } from '@custos/core-custody';
import { isUnit, padGtin, parseScan, unitKeyOf } from '@custos/core-gs1';
import { JOBS, parseInput } from '@custos/formats-api';
import {
  INVENTORY_READS,
  inventoryOf,
  linkOfUnit,
  shownAsOf,
  VERDICT_READS,
  verdictFromRows,
  withSnapshot,
} from '@custos/node-epcis-repository';
import { malformedProblem, Problem } from '@custos/shell-process';
import type { PartnerWorld } from './world.js';

/** What this organisation has, and what is on its way to it. */
export async function answerInventory({ party, asker, postgres, network }: PartnerWorld, query: unknown) {
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
  return withSnapshot(postgres, network.trust.hasher, INVENTORY_READS, async (snapshot) => {
    const page = await inventoryOf(asker, snapshot, question);
    if (page === 'hidden') throw new Problem({ status: 403, code: 'NOT_VISIBLE', title: 'This is not for you to see' });
    return { asOf: shownAsOf(snapshot), ...page };
  });
}

const PURPOSES: Readonly<Record<'check' | 'dispense' | 'return', Purpose>> = {
  check: 'check',
  dispense: 'dispense',
  return: 'saleable-return',
};

/** V1: one verdict on one code, as this organisation may know it. */
export async function answerVerify({ asker, postgres, network }: PartnerWorld, query: unknown) {
  const input = parseInput(JOBS.verify.input, query, 'query');
  if (!input.ok) throw malformedProblem(input.malformed);
  const { code, market, purpose, proof } = input.value;
  if (proof) throw noProofYet();
  return withSnapshot(postgres, network.trust.hasher, VERDICT_READS, async (snapshot) => {
    const read = readCode(code, new Date(snapshot.asOf.time).getUTCFullYear());
    const { answer, unit, reasons, pack } = await verdictFromRows(
      { code: read, asker, purpose: PURPOSES[purpose], market },
      snapshot,
    );
    const judged = unit === undefined ? {} : { unit: linkOfUnit(unit) };
    return { verdict: answer, reasons, ...judged, ...(pack && { pack }), asOf: shownAsOf(snapshot) };
  });
}

/** The rows of this service prove nothing. */
function noProofYet(): Problem {
  const fix = 'leave proof out, or ask a validator for the leaves';
  return new Problem({ status: 501, code: 'NOT_YET', title: 'Proofs are not given here yet', field: 'proof', fix });
}

/** The contract has parsed it; a container is a unit. */
function unitKey(code: string): string {
  const scan = parseScan(code);
  if (scan.ok && isUnit(scan.value.identifier)) return unitKeyOf(scan.value.identifier);
  throw malformedProblem({ code: 'NOT_A_UNIT', field: 'within', fix: 'send the code of a case or pallet' });
}
