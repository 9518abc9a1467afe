import type { JsonObject } from '@custos/core-bytes';
import { readCode, type Purpose } from '@custos/core-custody';
import { isUnit, padGtin, parseScan, unitKeyOf } from '@custos/core-gs1';
import { JOBS } from '@custos/formats-api';
import {
  INVENTORY_READS,
  inventoryOf,
  shownAsOf,
  shownTime,
  VERDICT_READS,
  verdictFromRows,
  withSnapshot,
} from '@custos/node-epcis-repository';
import { Problem } from '@custos/shell-process';
import { parseBody } from './bodies.js';
import type { PartnerWorld } from './world.js';

/** What this organisation has, and what is on its way to it. */
export async function answerInventory(world: PartnerWorld, query: unknown): Promise<JsonObject> {
  const { gtin, within, limit, after } = parseBody(JOBS.inventory.input, query);
  const question = {
    party: world.party.gln,
    limit,
    after,
    ...(gtin !== undefined && { gtin: padGtin(gtin) }),
    ...(within !== undefined && { within: unitKey(within) }),
  };
  return withSnapshot(world.postgres, world.network.trust.hasher, INVENTORY_READS, async (snapshot) => {
    const page = await inventoryOf(world.asker, snapshot, question);
    if (page === 'hidden') throw new Problem({ status: 403, code: 'NOT_VISIBLE', title: 'This is not for you to see' });
    return { asOf: shownAsOf(snapshot), ...page } as unknown as JsonObject;
  });
}

const PURPOSES: Readonly<Record<'check' | 'dispense' | 'return', Purpose>> = {
  check: 'check',
  dispense: 'dispense',
  return: 'saleable-return',
};

/** V1: one verdict on one code, as this organisation may know it. */
export async function answerVerify(world: PartnerWorld, query: unknown): Promise<JsonObject> {
  const { code, market, purpose } = parseBody(JOBS.verify.input, query);
  return withSnapshot(world.postgres, world.network.trust.hasher, VERDICT_READS, async (snapshot) => {
    const read = readCode(code, new Date(snapshot.asOf.time).getUTCFullYear());
    const question = { code: read, asker: world.asker, purpose: PURPOSES[purpose], market };
    const { answer, asOf, ...told } = await verdictFromRows(question, snapshot);
    return {
      verdict: answer,
      ...told,
      asOf: { height: asOf.height, time: shownTime(asOf.time) },
    } as unknown as JsonObject;
  });
}

/** The contract has parsed it; a container is a unit. */
function unitKey(code: string): string {
  const scan = parseScan(code);
  if (scan.ok && isUnit(scan.value.identifier)) return unitKeyOf(scan.value.identifier);
  const fix = 'send the code of a case or pallet';
  throw new Problem({ status: 400, code: 'NOT_A_UNIT', title: 'This is not a container', field: 'within', fix });
}
