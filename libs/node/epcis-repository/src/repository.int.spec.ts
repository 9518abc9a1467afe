import { memoryLanes, type LaneSubscription } from '@custos/shell-lanes';
import { orReject, type JsonObject } from '@custos/core-bytes';
import { lotPublicOf, readCode, unitOf, verdict, type Question, type Unit } from '@custos/core-custody';
import { PATIENT, type Asker } from '@custos/core-access';
import { parseScan, type Lgtin } from '@custos/core-gs1';
import type { Entry } from '@custos/core-state';
import { createFollower, type Follower, type Projection } from '@custos/node-follower';
import { nodeHasher } from '@custos/shell-node-crypto';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { freshReadModel } from './testing/fresh-database.js';
import {
  eventsProjection,
  findEntries,
  findEvents,
  findLeavesFor,
  findUnit,
  inventoryOf,
  journeyOf,
  linkOfUnit,
  REACH,
  reachOf,
  registryProjection,
  unitsProjection,
  withSnapshot,
  type Snapshot,
} from './index.js';
import { CASES, eventsOf, EXPIRY, GTIN, livePallet, LOT, PACKS, PALLET } from './testing/pallet-life.js';
import { isRegistryKey } from './projections/registry-entries.js';
import { AUTHORITY, MAKER, PHARMACY, FollowedChain, TRADER } from './testing/followed-chain.js';
import { findAround } from './queries/unit-rows.js';

const PROJECTIONS = [registryProjection, eventsProjection, unitsProjection];
const READS = PROJECTIONS.map(({ name }) => name);
const TABLES = ['registry', 'event', 'mention', 'capture_context', 'unit', 'containment', 'lot', 'projection'];
const REGULATOR: Asker = { kind: 'regulator', party: AUTHORITY };
const asTrader: Asker = { kind: 'wholesaler', party: TRADER };
const asPharmacy: Asker = { kind: 'dispenser', party: PHARMACY };
const LANE = 'small.final.4045678000002';
const LGTIN = { kind: 'lgtin', gtin: GTIN, lot: LOT } as Lgtin;

describe('the life of a pallet in rows', () => {
  let chain: FollowedChain;
  let database: FreshDatabase;
  let follower: Follower;
  let stop: () => Promise<void>;
  const lanes = memoryLanes();

  function followWith(projections: readonly Projection[]): Follower {
    const { trust, genesis, header } = chain.network;
    return createFollower({
      trust,
      genesis,
      genesisHeader: header,
      postgres: database.postgres,
      lane: LANE,
      pull: async (from) => chain.messagesFrom(from),
      projections,
      log: { info: () => undefined, warn: (event, facts) => fail(event, facts) },
    });
  }
  /** Starts a follower on the lane. Returns how to stop both. */
  async function startOnLane(started: Follower): Promise<() => Promise<void>> {
    let subscription: LaneSubscription | undefined;
    await started.start(async (from) => {
      subscription = await lanes.subscribe('final', [{ lane: LANE, from }], started.take);
    });
    return async () => {
      await subscription?.close();
      await started.stop();
    };
  }
  function fail(event: string, facts: unknown): void {
    throw new Error(`${event}: ${JSON.stringify(facts)}`);
  }
  const asking = <T>(ask: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
    withSnapshot(database.postgres, nodeHasher, READS, ask);
  /** All rows of the read model but those of the lane's position. */
  async function dump(): Promise<JsonObject> {
    const all: Record<string, JsonObject[]> = {};
    for (const table of TABLES) {
      const { rows } = await database.postgres.query<JsonObject>(
        `SELECT t::text AS r FROM readmodel.${table} t ORDER BY 1`,
      );
      all[table] = [...rows];
    }
    return all;
  }

  beforeAll(async () => {
    chain = new FollowedChain();
    database = await freshReadModel();
    livePallet(chain);
    follower = followWith(PROJECTIONS);
    stop = await startOnLane(follower);
  });
  afterAll(async () => {
    await stop();
    await lanes.close();
    await database.drop();
  });

  test('a pack journeys also through its case and its pallet', async () => {
    const { steps } = await asking((rows) => journeyOf(REGULATOR, rows, PACKS[0]!, { limit: 100 }));
    expect(steps.map(({ step, partyName, through, outcome }) => [step, partyName, through, outcome])).toEqual([
      ['commissioning', 'Alpenrose Pharma', null, 'accepted'],
      ['packing', 'Alpenrose Pharma', null, 'accepted'],
      ['packing', 'Alpenrose Pharma', linkOfUnit(CASES[0]!), 'accepted'],
      ['shipping', 'Alpenrose Pharma', linkOfUnit(PALLET), 'accepted'],
      ['receiving', 'Nordlicht Grosshandel', linkOfUnit(PALLET), 'accepted'],
      ['unpacking', 'Nordlicht Grosshandel', linkOfUnit(CASES[0]!), 'accepted'],
      ['shipping', 'Nordlicht Grosshandel', linkOfUnit(CASES[0]!), 'accepted'],
      ['receiving', 'Löwen-Apotheke', linkOfUnit(CASES[0]!), 'accepted'],
      ['unpacking', 'Löwen-Apotheke', null, 'accepted'],
      ['dispensing', 'Löwen-Apotheke', null, 'accepted'],
      ['dispensing', 'Löwen-Apotheke', null, 'refused'],
    ]);
    expect(steps.at(-1)).toMatchObject({ refusal: 'ALREADY_DISPENSED', height: 10, finality: 'final' });
    expect(steps[4]).toMatchObject({ height: 4, party: TRADER, location: TRADER, eventId: 'urn:event:3:0' });
    expect(steps[0]!.event).toEqual(JSON.parse(JSON.stringify(steps[0]!.event)));
  });

  test('a journey comes in pages, and each asker sees what it is part of', async () => {
    const first = await asking((rows) => journeyOf(REGULATOR, rows, PACKS[0]!, { limit: 4 }));
    const after = Number(first.next);
    const second = await asking((rows) => journeyOf(REGULATOR, rows, PACKS[0]!, { limit: 100, after }));
    expect([first.steps.length, second.steps.length, second.next]).toEqual([4, 7, undefined]);
    // The trader never was a party to what the pharmacy did with the pack on its own.
    const { steps } = await asking((rows) => journeyOf(asTrader, rows, PACKS[0]!, { limit: 100 }));
    expect(steps.map(({ step }) => step)).toEqual(['shipping', 'receiving', 'unpacking', 'shipping', 'receiving']);
    expect(await asking((rows) => journeyOf(PATIENT, rows, PACKS[0]!, { limit: 100 }))).toEqual({ steps: [] });
  });

  test('the pallet lives its own packing, and none of what a case lived after it', async () => {
    const { steps } = await asking((rows) => journeyOf(REGULATOR, rows, PALLET, { limit: 100 }));
    expect(steps.map(({ step }) => step)).toEqual([
      'commissioning',
      'packing',
      'shipping',
      'receiving',
      'unpacking',
      'unpacking',
    ]);
  });

  test('A3: the reach of a recall counts packs, not cases, and each pack once', async () => {
    const reach = await asking((rows) => reachOf(REGULATOR, rows, LGTIN));
    expect(reach).toMatchObject({
      gtin: GTIN,
      units: PACKS.length + CASES.length,
      recalls: [{ id: 'R-1', depth: 'patient' }],
      holders: [
        { partyName: 'Nordlicht Grosshandel', packs: 4, verified: 0, inferred: 4, inTransit: 0, dispensed: 0 },
        { partyName: 'Löwen-Apotheke', packs: 2, verified: 1, inferred: 0, inTransit: 2, dispensed: 1, inactive: 0 },
      ],
    });
    // Owner of the GTIN and regulators only.
    expect(await asking((rows) => reachOf({ kind: 'wholesaler', party: MAKER }, rows, LGTIN))).toEqual(reach);
    expect(await asking((rows) => reachOf(asTrader, rows, LGTIN))).toBe('hidden');
    expect(await asking((rows) => reachOf(REGULATOR, rows, { ...LGTIN, lot: 'L2' }))).toBe('unknown');
  });

  test('V1: the verdict from rows', async () => {
    const verdictOn = async (asker: Asker, code: string) =>
      asking(async (rows) => {
        const question: Question = { code: readCode(code, 2026), asker, purpose: 'check' };
        return verdict(question, await findLeavesFor(question, rows), rows.asOf);
      });
    const scan = (key: string) => `(01)${GTIN}(21)${key.split('/').at(-1)}(17)280630(10)${LOT}`;
    expect(await verdictOn(PATIENT, scan(PACKS[0]!))).toMatchObject({
      answer: 'VERIFIED_NOT_SALEABLE',
      reasons: [{ code: 'RECALLED' }],
    });
    expect(await verdictOn(asPharmacy, scan(PACKS[0]!))).toMatchObject({
      reasons: [{ code: 'RECALLED' }, { code: 'INACTIVE', facts: { reason: 'dispensed' } }],
      pack: { expiry: EXPIRY, product: 'Alpenrosin 20 mg', ended: { by: PHARMACY, place: PHARMACY, height: 9 } },
    });
    expect(await verdictOn(asPharmacy, scan('P9'))).toMatchObject({ answer: 'UNKNOWN' });
    // L6.3: rows do not keep the last event, so their leaves state none.
    const question: Question = { code: readCode(scan(PACKS[0]!), 2026), asker: asPharmacy, purpose: 'check' };
    const found = await asking((rows) => findLeavesFor(question, rows));
    expect(found.get(PACKS[0]!)!.private).not.toHaveProperty('last');
    const sscc = `(00)${PALLET.split('/').at(-1)}`;
    expect(await verdictOn(REGULATOR, sscc)).toMatchObject({ reasons: [{ code: 'RECALLED' }] });
  });

  test('S8: a unit has the custody of its outermost container, visible to those whom it concerns', async () => {
    const unit = await asking((rows) => findUnit(REGULATOR, rows, PACKS[4]!));
    expect(unit).toMatchObject({
      product: 'Alpenrosin 20 mg',
      containers: [linkOfUnit(CASES[2]!), linkOfUnit(PALLET)],
      custody: { possessor: { gln: TRADER, name: 'Nordlicht Grosshandel' }, location: TRADER },
    });
    expect(await asking((rows) => findUnit(asPharmacy, rows, PACKS[4]!))).toMatchObject({ custody: 'hidden' });
    expect(await asking((rows) => findUnit(REGULATOR, rows, `${PACKS[4]}x`))).toBeUndefined();
  });

  test('an inventory lists what is held and what comes, in pages, without what is over', async () => {
    const ask = (asker: Asker, party: string, rest = {}) =>
      asking((rows) => inventoryOf(asker, rows, { party, limit: 100, ...rest }));
    const keysOf = (page: Awaited<ReturnType<typeof ask>>) =>
      page === 'hidden' ? page : page.units.map(({ key }) => key);
    const whole = [CASES[1]!, PACKS[2]!, PACKS[3]!, PALLET, CASES[2]!, PACKS[4]!, PACKS[5]!];
    const trader = await ask(asTrader, TRADER);
    expect(new Set(keysOf(trader))).toEqual(new Set(whole));
    const paged: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await ask(asTrader, TRADER, { limit: 3, after });
      if (page === 'hidden') throw new Error('hidden');
      paged.push(...page.units.map(({ key }) => key));
      after = page.next;
      if (after === undefined) break;
    }
    expect(paged).toEqual(keysOf(trader));
    // Received: the case and the pack that was not dispensed; to come: a case with two packs.
    expect(await ask(asPharmacy, PHARMACY)).toMatchObject({
      units: expect.arrayContaining([
        expect.objectContaining({ key: PACKS[1], lot: LOT, inTransitTo: null }),
        expect.objectContaining({ key: PACKS[2], container: linkOfUnit(CASES[1]!), inTransitTo: PHARMACY }),
      ]),
    });
    expect(keysOf(await ask(asPharmacy, PHARMACY))).not.toContain(PACKS[0]);
    expect(keysOf(await ask(asTrader, TRADER, { within: CASES[1]! }))).toEqual([PACKS[2], PACKS[3]]);
    expect(new Set(keysOf(await ask(asTrader, TRADER, { gtin: GTIN })))).toEqual(new Set(PACKS.slice(2)));
    expect(await ask(asTrader, PHARMACY)).toBe('hidden');
  });

  test('L5.4: an event is found by its id, a refused one is not', async () => {
    const found = await asking((rows) => findEvents(REGULATOR, rows, 'urn:event:3:0'));
    expect(found).toMatchObject([{ party: TRADER, height: 4, event: { bizStep: 'receiving' } }]);
    expect(await asking((rows) => findEvents(REGULATOR, rows, 'urn:event:9:0'))).toEqual([]);
  });

  test('rows say what the state says: of every unit, lot, party, key and product', async () => {
    const { postgres } = database;
    const registered = [...chain.state].filter(([key]) => isRegistryKey(key));
    const found = await findEntries(
      postgres,
      registered.map(([key]) => key),
    );
    expect(new Map([...found].sort())).toEqual(new Map(registered.map(withoutDetail).sort()));
    for (const [key, entry] of chain.state) {
      if (key.startsWith('unit/'))
        expect((await findAround(postgres, key))[0]).toMatchObject(rowOf(unitOf(key, entry)));
      if (!key.startsWith('lot/')) continue;
      const { rows } = await postgres.query('SELECT expiry, recalls FROM readmodel.lot WHERE key = $1', [key]);
      expect(rows).toEqual([lotPublicOf(entry.value)]);
    }
  });

  test('what comes twice, by lane and by pull, is projected once', async () => {
    const before = await dump();
    await lanes.publish(LANE, chain.messagesFrom(1));
    const again = followWith(PROJECTIONS);
    const stopAgain = await startOnLane(again);
    await stopAgain();
    expect(await dump()).toEqual(before);
  });

  test('rows that are cleared and built anew are the same; a projection of a new version catches up alone', async () => {
    const before = await dump();
    const newer = { ...unitsProjection, version: unitsProjection.version + 1 };
    for (const projections of [[registryProjection, eventsProjection, newer], PROJECTIONS]) {
      const rebuilt = followWith(projections);
      const stopRebuilt = await startOnLane(rebuilt);
      await stopRebuilt();
    }
    expect(await dump()).toEqual(before);
  });

  test('blocks of the lane reach the rows, and a crafted event does not stop them', async () => {
    const events = eventsOf(chain);
    const nul = { ...events.receive([PALLET]), eventID: 'urn:nul\u0000', 'custos:note': 'a\u0000b' };
    const endless = { ...events.receive([PALLET]), eventID: `urn:${'x'.repeat(4_000)}` };
    const reached = new Promise<void>((resolve) =>
      follower.onBlock(({ block }) => block.header.height === 13 && resolve()),
    );
    chain.do(TRADER, nul, endless, { type: 'Nonsense' });
    await lanes.publish(LANE, chain.messagesFrom(13));
    await reached;
    const { rows } = await database.postgres.query<{ event: JsonObject; event_id: string | null }>(
      'SELECT event, event_id, outcome FROM readmodel.event ORDER BY moment DESC LIMIT 3',
    );
    expect(rows.map(({ event_id }) => event_id)).toEqual(['urn:event:12:2', null, 'urn:nul\ufffd']);
    expect(rows[2]!.event['custos:note']).toBe('a\u0000b');
  });

  test('A3: the reach climbs by indexes, once a container', async () => {
    const { postgres } = database;
    // 200 full cases of another lot among many other units.
    await postgres.query(
      `INSERT INTO readmodel.unit (key, gtin, lot, lifecycle, on_hold, incarnation, container, possessor, contents, contents_by, moment)
       SELECT 'unit/01/${GTIN}/21/X' || n, '${GTIN}', 'lot/01/${GTIN}/10/' || CASE WHEN n < 10000 THEN 'BIG' ELSE 'L' || n % 500 END,
         '{"state":"active"}', false, 1, 'unit/01/${GTIN}/21/C' || n / 50, NULL, NULL, NULL, 1
       FROM generate_series(0, 39999) AS n`,
    );
    await postgres.query(
      `INSERT INTO readmodel.unit (key, gtin, lot, lifecycle, on_hold, incarnation, container, possessor, contents, contents_by, moment)
       SELECT 'unit/01/${GTIN}/21/C' || n, NULL, NULL, '{"state":"active"}', false, 1, NULL, '${TRADER}', 'verified', '${TRADER}', 1
       FROM generate_series(0, 799) AS n`,
    );
    await postgres.query('INSERT INTO readmodel.lot (key, moment) VALUES ($1, 1)', [`lot/01/${GTIN}/10/BIG`]);
    await postgres.query('ANALYZE readmodel.unit');
    const big = await asking((rows) => reachOf(REGULATOR, rows, { ...LGTIN, lot: 'BIG' }));
    expect(big).toMatchObject({ holders: [{ party: TRADER, packs: 10_000, verified: 10_000 }] });
    const explained = REACH.text.replaceAll('$1', `'lot/01/${GTIN}/10/BIG'`).replaceAll('$2', `'${GTIN}'`);
    const { rows } = await postgres.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, TIMING OFF) ${explained}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('unit_of_lot');
    expect(plan).not.toContain('Seq Scan on unit');
  });
});

// A read model holds no commitments, and writes absent members as null.
function withoutDetail([key, { value, private: beside }]: readonly [string, Entry]): [string, Entry] {
  const { detail: _, ...rest } = value;
  const plain = JSON.parse(JSON.stringify({ value: rest, private: beside })) as Entry;
  return [key, plain];
}

function rowOf({ key, lifecycle, lot, expiry, onHold, incarnation, container, contents, custody }: Unit): JsonObject {
  const { owner = null, pendingOwner = null, possessor = null, receivedFrom = null, location = null } = custody ?? {};
  const own = { key, lifecycle, lot: lot ?? null, expiry: expiry ?? null, onHold, incarnation };
  const inside = { container: container?.key ?? null, contents: contents?.state ?? null };
  return {
    ...own,
    ...inside,
    owner,
    pendingOwner,
    possessor,
    receivedFrom,
    location,
    transit: custody?.transit ?? null,
  };
}

test('codes of the samples are codes', () => {
  expect(orReject(parseScan(`(00)${PALLET.split('/').at(-1)}`)).identifier).toMatchObject({ kind: 'sscc' });
});
