import type { JsonObject } from '@custos/core-bytes';
import { PATIENT, type Asker } from '@custos/core-access';
import { createFollower, type Follower } from '@custos/node-follower';
import { nodeHasher } from '@custos/shell-node-crypto';
import {
  eventsProjection,
  findEvents,
  journeyOf,
  registryProjection,
  unitsProjection,
  withSnapshot,
  type Snapshot,
} from './index.js';
import { EVENT_BY_ID, MAX_EVENTS_FOUND } from './queries/event-query.js';
import { JOURNEY } from './queries/journey.js';
import { AUTHORITY, FollowedChain, MAKER, PHARMACY, TRADER } from './testing/followed-chain.js';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { freshReadModel } from './testing/fresh-database.js';
import { eventsOf, GTIN } from './testing/pallet-life.js';

const PROJECTIONS = [registryProjection, eventsProjection, unitsProjection];
const READS = PROJECTIONS.map(({ name }) => name);
const REGULATOR: Asker = { kind: 'regulator', party: AUTHORITY };
const asTrader: Asker = { kind: 'wholesaler', party: TRADER };
const asPharmacy: Asker = { kind: 'dispenser', party: PHARMACY };
/** The pharmacy's GLN as a PGLN URN: company prefix, party reference. */
const PGLN = `urn:epc:id:pgln:${PHARMACY.slice(0, 7)}.${PHARMACY.slice(7, 12)}`;
/** A pack of a product that is not registered: events may name it (C24). */
const UNMADE = `unit/01/${GTIN}/21/P77`;

// The maker's GLN is the lowest, so that an order by party would put its events first.
describe('events of other parties', () => {
  const chain = new FollowedChain();
  let database: FreshDatabase;
  let follower: Follower;

  const asking = <T>(ask: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
    withSnapshot(database.postgres, nodeHasher, READS, ask);
  const sighting = (eventID: string, more: JsonObject = {}): JsonObject => ({
    ...eventsOf(chain).receive([]),
    ...{ eventID, bizStep: 'stocking', epcList: ['urn:x:box:1'], ...more },
  });
  const declared = (event: JsonObject, n: number): JsonObject => ({
    ...event,
    errorDeclaration: { declarationTime: new Date(chain.now - n).toISOString(), reason: 'did_not_occur' },
  });
  const step = (gln: string, ...events: readonly JsonObject[]): readonly string[] =>
    chain.do(gln, ...events).map(({ outcome }) => outcome);

  beforeAll(async () => {
    const foreign = sighting('urn:shared:1');
    const flood = Array.from({ length: MAX_EVENTS_FOUND + 5 }, (_, n) => declared(foreign, n));
    const own = sighting('urn:shared:1', { bizStep: 'inspecting' });
    const toPharmacy = { destinationList: [{ type: 'possessing_party', destination: PGLN }] };
    const named = () => eventsOf(chain).receive([UNMADE]);
    const accepted = [
      ...step(MAKER, foreign, ...flood),
      ...step(TRADER, own, declared(own, 1)),
      ...step(TRADER, sighting('urn:shared:2', toPharmacy)),
      ...step(MAKER, sighting('urn:shared:2', toPharmacy)),
      ...step(MAKER, named(), named(), named(), named()),
      ...step(TRADER, named()),
    ];
    expect(new Set(accepted)).toEqual(new Set(['accepted']));
    expect(step(PHARMACY, { ...named(), eventID: undefined })).toEqual(['refused']);
    database = await freshReadModel();
    const { trust, genesis, header } = chain.network;
    follower = createFollower({
      ...{ trust, genesis, genesisHeader: header, postgres: database.postgres, projections: PROJECTIONS },
      lane: 'small.final.4045678000002',
      pull: async (from) => chain.messagesFrom(from),
      log: { info: () => undefined, warn: () => undefined },
    });
    await follower.start(async () => undefined);
  });
  afterAll(async () => {
    await follower.stop();
    await database.drop();
  });

  test('L6.1: a party that uses the eventID of another hides nothing from it, however often', async () => {
    const found = (asker: Asker) => asking((rows) => findEvents(asker, rows, 'urn:shared:1'));
    expect(await found(asTrader)).toMatchObject([
      { party: TRADER, event: { bizStep: 'inspecting' } },
      { party: TRADER, event: { errorDeclaration: {} } },
    ]);
    expect(await found(asPharmacy)).toEqual([]);
    expect(await found(PATIENT)).toEqual([]);
    const all = await found(REGULATOR);
    expect(all.map(({ party }) => party)).toEqual(Array.from({ length: MAX_EVENTS_FOUND }, () => MAKER));
    expect(all[0]!.event).not.toHaveProperty('errorDeclaration');
  });

  test('L6.1: of other parties that use one eventID, the first is answered', async () => {
    const found = await asking((rows) => findEvents(asPharmacy, rows, 'urn:shared:2'));
    expect(found.map(({ party }) => party)).toEqual([TRADER]);
  });

  test('V1: hidden events count in no page of a journey', async () => {
    const page = await asking((rows) => journeyOf(asTrader, rows, UNMADE, { limit: 2 }));
    expect(page).toMatchObject({ steps: [{ party: TRADER, step: 'receiving' }] });
    expect(page.next).toBeUndefined();
  });

  test('L6.1: a journey states no eventID of an event that was refused for having none', async () => {
    const { steps } = await asking((rows) => journeyOf(asPharmacy, rows, UNMADE, { limit: 2 }));
    expect(steps).toMatchObject([{ party: PHARMACY, outcome: 'refused', eventId: null }]);
  });

  test('an event and a journey are found by indexes among many events', async () => {
    const { postgres } = database;
    await postgres.query(
      `INSERT INTO readmodel.event (moment, transaction, event_index, block_time, key_id, party, created_at, outcome,
         warnings, event, event_id, parties)
       SELECT n, 'tx', 0, 1, 'key', '${MAKER}', 1, 'accepted', '[]', '{}', 'urn:many:' || n / 4, '{}'
       FROM generate_series(10000000000000, 10000000039999) AS n`,
    );
    await postgres.query('ANALYZE readmodel.event');
    const planOf = async (text: string, values: readonly string[]): Promise<string> => {
      const explained = values.reduce((sql, value, i) => sql.replaceAll(`$${i + 1}`, value), text);
      const { rows } = await postgres.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, TIMING OFF) ${explained}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const event = await planOf(EVENT_BY_ID.text, [`'urn:many:2500000000007'`, 'false', `'${TRADER}'`]);
    const journey = await planOf(JOURNEY.text, [`'${UNMADE}'`, '0', '100', 'false', `'${TRADER}'`]);
    expect(event).toContain('event_by_id');
    expect(journey).toContain('event_pkey');
    for (const plan of [event, journey]) expect(plan).not.toContain('Seq Scan on event');
  });
});
