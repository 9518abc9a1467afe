import { orReject, type Json, type JsonObject } from '@custos/core-bytes';
import { parseTransactionInclusion, trustGenesis, verifyTransactionInclusion } from '@custos/core-chain';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { parseInput, TASKS } from '@custos/formats-api';
import { memoryLanes } from '@custos/shell-lanes';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { FourHosts, type Answer, type Service } from './four-hosts.contract.js';
import { until, type FreshDatabase } from './fresh-database.contract.js';
import {
  carton,
  EXPIRY,
  GTIN,
  LOT,
  MAKER,
  NOBODY,
  pack,
  pallet,
  PHARMACY,
  PRODUCT,
  scan,
  tokenOf,
  TRADER,
} from './members.contract.js';

const BATCH = { lot: LOT, expiry: EXPIRY };

describe('partner services over four validators', () => {
  const hosts = new FourHosts();
  let makerTables: FreshDatabase;
  let maker: Service;
  let trader: Service;
  let pharmacy: Service;

  const accepted = async (service: Service, path: string, body: Json): Promise<Answer> => {
    const answer = await service.post(path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const following = (...services: readonly Service[]) =>
    until(() => services.every(({ world }) => world.isFollowing()), 'the services follow');
  /** What was refused before signing: the chain has none of it. */
  const leavesNoTrace = async (ask: () => Promise<Answer>): Promise<Answer> => {
    const before = hosts.transactionIds(MAKER).length;
    const answer = await ask();
    expect(hosts.transactionIds(MAKER)).toHaveLength(before);
    const { rows } = await makerTables.postgres.query(`SELECT 1 FROM own.outbox WHERE status = 'pending'`);
    expect(rows).toHaveLength(0);
    return answer;
  };

  beforeAll(async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => hosts.freshDatabase()));
    makerTables = first!;
    maker = await hosts.startService(MAKER, makerTables, 100);
    trader = await hosts.startService(TRADER, second!);
    pharmacy = await hosts.startService(PHARMACY, third!);
    await following(maker, trader, pharmacy);
  });
  afterAll(() => hosts.stop());

  it('promises while the validators are away, and keeps it once they are there', async () => {
    const answer = await maker.post('/products', PRODUCT, { key: 'first' });
    expect([answer.status, answer.body]).toEqual([
      202,
      { status: 'pending', job: expect.any(String), transaction: expect.any(String) },
    ]);
    const job = `/jobs/${answer.body.job as string}`;
    expect(answer.headers.get('location')).toBe(job);
    expect((await maker.get(job)).body).toMatchObject({ status: 'pending', transaction: answer.body.transaction });
    const again = await maker.post('/products', PRODUCT, { key: 'first' });
    expect([again.status, again.body]).toEqual([202, answer.body]);
    // The service stops meanwhile; the next one finds what it promised.
    await maker.stop();
    await hosts.startValidators();
    maker = await hosts.startService(MAKER, makerTables);
    await until(async () => (await maker.get(job)).body.status === 'final', 'the job');
    const settled = (await maker.get(job)).body;
    expect(settled).toMatchObject({ transaction: answer.body.transaction, receipts: [{ outcome: 'accepted' }] });
    expect(hosts.transactionIds(MAKER)).toEqual([answer.body.transaction]);
    const late = await maker.post('/products', PRODUCT, { key: 'first' });
    expect([late.status, late.body.inclusion]).toEqual([201, settled.inclusion]);
  });

  it('L7.2: 201 has a receipt and a proof that anybody can check', async () => {
    const codes = ['A', 'B', 'C', 'D'].map(pack);
    const { body } = await accepted(maker, '/commissionings', { codes, ...BATCH });
    expect(parseInput(TASKS.commission.output, body)).toMatchObject({ ok: true });
    const inclusion = orReject(parseTransactionInclusion(body.inclusion!));
    const proven = orReject(verifyTransactionInclusion(nodeHasher, trustGenesis(nodeHasher, hosts.genesis), inclusion));
    expect(await nodeVerify(proven.checks)).toBe(true);
    expect(proven).toMatchObject({ txId: body.transaction, header: { height: body.height } });
    expect(proven.receipts).toEqual(body.receipts);
  });

  it('the life of one pallet ends with a pack that was dispensed, once', async () => {
    const packs = ['A', 'B', 'C', 'D'].map(pack);
    await accepted(maker, '/commissionings', { codes: [carton('K1')], ...BATCH });
    await accepted(maker, '/commissionings', { codes: [pallet(1)] });
    await accepted(maker, '/aggregations', { action: 'packing', container: carton('K1'), children: packs });
    await accepted(maker, '/aggregations', { action: 'packing', container: pallet(1), children: [carton('K1')] });
    const order = { receiver: TRADER.gln, owner: TRADER.gln, documents: [{ type: 'po', id: 'PO-2041' }] };
    await accepted(maker, '/shipments', { codes: [pallet(1)], ...order });
    await accepted(trader, '/receivings', { codes: [pallet(1)] });
    await accepted(trader, '/aggregations', { action: 'unpacking', container: pallet(1), children: [carton('K1')] });
    await accepted(trader, '/shipments', { codes: [carton('K1')], receiver: PHARMACY.gln, owner: PHARMACY.gln });
    await accepted(pharmacy, '/receivings', { codes: [carton('K1')] });
    await accepted(pharmacy, '/aggregations', { action: 'unpacking', container: carton('K1'), verified: true });
    const verdict = await pharmacy.get(`/verify?code=${encodeURIComponent(scan('A'))}&purpose=dispense&market=DE`);
    expect(verdict.body).toMatchObject({ verdict: 'VERIFIED_SALEABLE', reasons: [] });
    await accepted(pharmacy, '/dispensations', { codes: [scan('A')] });

    const again = await pharmacy.post('/dispensations', { codes: [scan('A')] });
    expect([again.status, again.type]).toEqual([409, expect.stringContaining('application/problem+json')]);
    expect(again.body).toMatchObject({
      type: 'urn:custos:problem:ALREADY_DISPENSED',
      code: 'ALREADY_DISPENSED',
      facts: { by: PHARMACY.gln, place: PHARMACY.gln, time: expect.anything() },
      receipt: { outcome: 'refused', code: 'ALREADY_DISPENSED' },
      height: expect.any(Number),
      fix: expect.any(String),
    });
    // The attempt is evidence: it stands on the chain.
    expect(hosts.transactionIds(PHARMACY)).toContain(again.body.transaction);
  });

  it('the same key gives the same answer, and no second transaction; another body is a mistake', async () => {
    const body = { codes: [pallet(7)] };
    const first = await maker.post('/commissionings', body, { key: 'seven' });
    const count = hosts.transactionIds(MAKER).length;
    const again = await maker.post('/commissionings', body, { key: 'seven' });
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect(hosts.transactionIds(MAKER)).toHaveLength(count);
    const other = await maker.post('/commissionings', { codes: [pallet(8)] }, { key: 'seven' });
    expect([other.status, other.body.code, other.body.field]).toEqual([
      422,
      'IDEMPOTENCY_KEY_REUSED',
      'Idempotency-Key',
    ]);
    const refused = await pharmacy.post('/dispensations', { codes: [scan('A')] }, { key: 'again' });
    const same = await pharmacy.post('/dispensations', { codes: [scan('A')] }, { key: 'again' });
    expect([refused.status, same.body]).toEqual([409, refused.body]);
  });

  describe('who may do what', () => {
    it.each([
      ['no token', ''],
      ['a token that nobody has', 'secret'],
    ])('%s: 401, before the body is read', async (_what, token) => {
      for (const path of ['/commissionings', '/capture', '/events', '/nothing']) {
        const answer = await maker.post(path, { x: 'x'.repeat(500_000) }, { token });
        expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      for (const path of ['/inventory', `/verify?code=${pack('A')}`, '/jobs/x', '/capture/x', '/events/x'])
        expect((await maker.get(path, { token })).status).toBe(401);
    });

    it('a token that only reads writes nothing: 403', async () => {
      const token = tokenOf(MAKER.gln, 'read');
      for (const path of ['/commissionings', '/capture', '/events'])
        expect((await maker.post(path, {}, { token })).body).toMatchObject({ status: 403, code: 'ACCESS_MISSING' });
      expect((await maker.get('/inventory', { token })).status).toBe(200);
    });

    it('R: a task that no role of the organisation has is not there: 404', async () => {
      const statuses = async (service: Service, paths: readonly string[]) =>
        Promise.all(paths.map(async (path) => (await service.post(path, {})).status));
      expect(await statuses(maker, ['/dispensations'])).toEqual([404]);
      expect(await statuses(trader, ['/products', '/commissionings', '/dispensations'])).toEqual([404, 404, 404]);
      expect(await statuses(pharmacy, ['/products', '/commissionings', '/recalls'])).toEqual([404, 404, 404]);
      expect(await statuses(pharmacy, ['/dispensations', '/receivings', '/shipments'])).toEqual([400, 400, 400]);
    });

    it('health is public', async () => {
      for (const path of ['/health', '/health/live', '/health/ready'])
        expect((await maker.get(path, { token: '' })).body).toMatchObject({ status: 'ok' });
    });
  });

  describe('bad input', () => {
    const event = (more: JsonObject): JsonObject => ({
      '@context': CUSTOS_CONTEXT,
      type: 'ObjectEvent',
      eventTime: '2026-01-05T07:00:00Z',
      eventTimeZoneOffset: '+01:00',
      action: 'OBSERVE',
      bizStep: 'shipping',
      epcList: [`https://id.gs1.org/01/${GTIN}/21/A`],
      ...more,
    });
    const toNobody = {
      destinationList: [{ type: 'possessing_party', destination: `https://id.gs1.org/417/${NOBODY}` }],
    };

    it.each<[string, string, Json, number, string, string]>([
      ['no object', '/shipments', 'nonsense', 400, 'TYPE_WRONG', ''],
      [
        'a wrong check digit',
        '/commissionings',
        { codes: ['(01)04012345000017(21)A'], ...BATCH },
        400,
        'CHECK_DIGIT_WRONG',
        '/codes/0',
      ],
      ['an unknown member', '/receivings', { codes: [pallet(1)], colour: 'red' }, 400, 'FIELD_UNKNOWN', '/colour'],
      ['too many codes', '/receivings', { codes: Array(5_001).fill(pallet(1)) }, 400, 'TOO_MUCH', '/codes'],
      [
        'an unknown receiver',
        '/shipments',
        { codes: [pallet(1)], receiver: NOBODY },
        422,
        'PARTY_UNKNOWN',
        '/receiver',
      ],
      [
        'an unknown place',
        '/receivings',
        { codes: [pallet(1)], location: NOBODY },
        422,
        'LOCATION_UNKNOWN',
        '/location',
      ],
      ['an unknown product', '/receivings', { codes: ['(01)09999999999994(21)A'] }, 422, 'GTIN_UNKNOWN', '/codes/0'],
      [
        'a person',
        '/receivings',
        { codes: [pallet(1)], documents: [{ type: 'inv', id: 'urn:epc:id:gsrn:4012345.0000000001' }] },
        422,
        'PERSONAL_DATA',
        '/documents/0/id',
      ],
      ['no EPCIS', '/events', { type: 'ObjectEvent' }, 400, 'MALFORMED_EVENT', '/@context'],
      [
        'an event of a person',
        '/events',
        event({ 'custos:patientName': 'A' }),
        422,
        'PERSONAL_DATA',
        '/custos:patientName',
      ],
      ['an event to nobody', '/events', event(toNobody), 422, 'PARTY_UNKNOWN', '/destinationList/0/destination'],
      ['a document to nobody', '/capture', event(toNobody), 422, 'PARTY_UNKNOWN', '/destinationList/0/destination'],
      [
        'a document without events',
        '/capture',
        {
          '@context': CUSTOS_CONTEXT,
          type: 'EPCISDocument',
          schemaVersion: '2.0',
          creationDate: '2026-01-05T07:00:00Z',
          epcisBody: { eventList: [] },
        },
        400,
        'NO_EVENT',
        '/epcisBody/eventList',
      ],
    ])('%s is refused by its place and leaves no trace', async (_what, path, body, status, code, field) => {
      const answer = await leavesNoTrace(() => maker.post(path, body, { key: `bad ${_what}` }));
      expect([answer.status, answer.type]).toEqual([status, expect.stringContaining('application/problem+json')]);
      expect(answer.body).toMatchObject({ status, code, field, fix: expect.any(String) });
    });

    it('what is no JSON, too large, of another type, or nowhere', async () => {
      const statuses = [
        await maker.post('/receivings', undefined, { raw: '{"codes":' }),
        await maker.post('/receivings', { codes: ['x'.repeat(1_100_000)] }),
        await maker.post('/capture', { x: 'x'.repeat(17_000_000) }),
        await maker.post('/receivings', {}, { headers: { 'content-type': 'application/xml' } }),
        await maker.get('/nothing'),
        await maker.post('/capture', event({}), { headers: { 'gs1-capture-error-behaviour': 'perhaps' } }),
        await maker.post('/receivings', { codes: [pallet(1)] }, { key: 'x'.repeat(201) }),
      ].map(({ status, type }) => [status, type.includes('problem+json')]);
      expect(statuses).toEqual([400, 413, 413, 415, 404, 400, 400].map((status) => [status, true]));
    });

    it('jobs, captures and events that are not there', async () => {
      const missing = '00000000-0000-4000-8000-000000000000';
      for (const path of ['/jobs/x', `/jobs/${missing}`, '/capture/x', `/capture/${missing}`, '/events/urn:x:none'])
        expect([path, (await maker.get(path)).status]).toEqual([path, 404]);
    });

    it('a query is refused by its parameter', async () => {
      const refused = async (path: string) => {
        const { status, body } = await maker.get(path);
        return [status, body.field];
      };
      expect(await refused('/verify')).toEqual([400, 'code']);
      expect((await maker.get('/verify?code=x')).body).toMatchObject({ verdict: 'MALFORMED_SCAN' });
      expect(await refused(`/verify?code=${encodeURIComponent(pack('A'))}&proof=true`)).toEqual([501, 'proof']);
      expect(await refused('/inventory?limit=0')).toEqual([400, 'limit']);
      expect(await refused(`/inventory?within=${GTIN}`)).toEqual([400, 'within']);
    });
  });

  describe('EPCIS', () => {
    const stocking = (id: string, more: JsonObject = {}): JsonObject => ({
      type: 'ObjectEvent',
      eventID: id,
      eventTime: '2026-01-05T07:00:00Z',
      eventTimeZoneOffset: '+01:00',
      action: 'OBSERVE',
      bizStep: 'stocking',
      epcList: [`https://id.gs1.org/01/${GTIN}/21/A`],
      ...more,
    });
    const documentOf = (events: readonly Json[]): JsonObject => ({
      '@context': CUSTOS_CONTEXT,
      type: 'EPCISDocument',
      schemaVersion: '2.0',
      creationDate: '2026-01-05T07:00:00Z',
      epcisBody: { eventList: events },
    });
    const captured = async (events: readonly Json[], behaviour?: string): Promise<JsonObject> => {
      const headers = { ...(behaviour !== undefined && { 'gs1-capture-error-behaviour': behaviour }) };
      const answer = await maker.post('/capture', documentOf(events), { headers });
      expect([answer.status, answer.body]).toEqual([202, {}]);
      expect(answer.headers.get('gs1-epcis-capture-limit')).toBe('500');
      const location = answer.headers.get('location')!;
      await until(async () => (await maker.get(location)).body.running === false, location);
      return (await maker.get(location)).body;
    };

    it('an event is captured, read back as signed, and captured once', async () => {
      const bare = { '@context': CUSTOS_CONTEXT, ...stocking('urn:uuid:1', { 'custos:note': 'a\u0000b' }) };
      const first = await maker.post('/events', bare);
      expect([first.status, first.headers.get('location')]).toEqual([201, '/events/urn%3Auuid%3A1']);
      const { body } = await maker.get(first.headers.get('location')!);
      const found = (body.epcisBody as { queryResults: { resultsBody: { eventList: JsonObject[] } } }).queryResults;
      expect(body).toMatchObject({ type: 'EPCISQueryDocument', schemaVersion: '2.0' });
      expect(found.resultsBody.eventList).toMatchObject([{ eventID: 'urn:uuid:1', recordTime: first.body.blockTime }]);
      const again = await maker.post('/events', bare);
      expect([again.status, again.body.code, again.body.type]).toEqual([
        409,
        'REPEATED',
        'epcisException:ResourceAlreadyExistsException',
      ]);
      const other = await maker.post('/events', { ...bare, bizStep: 'inspecting' });
      expect([other.status, other.body.code]).toEqual([409, 'DUPLICATE_EVENT']);
      expect((await trader.get('/events/urn%3Auuid%3A1')).status).toBe(404);
    });

    it('a job of /events is told at /jobs, not at /capture', async () => {
      const { rows } = await makerTables.postgres.query<{ job: string }>(
        `SELECT job FROM own.job WHERE kind = 'event'`,
      );
      expect((await maker.get(`/jobs/${rows[0]!.job}`)).status).toBe(200);
      expect((await maker.get(`/capture/${rows[0]!.job}`)).status).toBe(404);
    });

    it('/events takes one event', async () => {
      const two = await maker.post('/events', documentOf([stocking('urn:x:a'), stocking('urn:x:b')]));
      expect([two.status, two.body.code]).toEqual([400, 'NOT_ONE_EVENT']);
      expect((await maker.post('/events', documentOf([stocking('urn:x:only')]))).status).toBe(201);
    });

    it('a document is captured by its job', async () => {
      const job = await captured([stocking('urn:x:1'), stocking('urn:x:2')]);
      expect(job).toMatchObject({ running: false, success: true, captureErrorBehaviour: 'rollback', errors: [] });
    });

    it('rollback: one refused event, and none is captured', async () => {
      const unknown = stocking('urn:x:4', {
        action: 'ADD',
        bizStep: 'commissioning',
        epcList: [`https://id.gs1.org/01/${GTIN}/21/Z`],
      });
      const job = await captured([stocking('urn:x:3'), unknown]);
      expect(job).toMatchObject({
        success: false,
        errors: [{ code: 'MALFORMED_EVENT', status: 400, event: '/epcisBody/eventList/1', eventID: 'urn:x:4' }],
      });
      expect((await maker.get('/events/urn%3Ax%3A3')).status).toBe(404);
    });

    it('proceed: wrong and refused events are told by their places, the others are captured', async () => {
      const wrong = stocking('urn:x:6', { eventTime: 'yesterday' });
      const refused = stocking('urn:x:7', { bizStep: 'receiving', epcList: [`https://id.gs1.org/01/${GTIN}/21/A`] });
      const job = await captured([stocking('urn:x:5'), wrong, refused, stocking('urn:x:8')], 'proceed');
      expect(job).toMatchObject({ success: false, captureErrorBehaviour: 'proceed' });
      const errors = job.errors as readonly JsonObject[];
      expect(errors.map(({ event }) => event)).toEqual(['/epcisBody/eventList/1', '/epcisBody/eventList/2']);
      for (const id of ['5', '8']) expect((await maker.get(`/events/urn%3Ax%3A${id}`)).status).toBe(200);
      for (const id of ['6', '7']) expect((await maker.get(`/events/urn%3Ax%3A${id}`)).status).toBe(404);
    });

    it('K17: a document that is split is captured whole, part by part', async () => {
      const events = Array.from({ length: 501 }, (_, i) => stocking(`urn:split:${i}`));
      expect(await captured(events, 'proceed')).toMatchObject({ success: true });
      const { rows } = await makerTables.postgres.query<{ part: number; height: string }>(
        `SELECT o.part, o.height FROM own.outbox o JOIN own.job USING (job) WHERE kind = 'capture' ORDER BY sequence DESC LIMIT 2`,
      );
      const [second, first] = rows as [{ part: number; height: string }, { part: number; height: string }];
      expect([first.part, second.part]).toEqual([0, 1]);
      expect(Number(second.height)).toBeGreaterThan(Number(first.height));
    });
  });

  it('inventory: what the pharmacy has, in what, and what is over is not there', async () => {
    const { status, body } = await pharmacy.get('/inventory');
    expect(status).toBe(200);
    const units = body.units as readonly { code: string; gtin: string; lot: string }[];
    expect(units.map(({ code }) => code).sort()).toEqual(
      [`01/${PRODUCT.levels[0]!.gtin}/21/K1`, ...['B', 'C', 'D'].map((serial) => `01/${GTIN}/21/${serial}`)]
        .map((path) => `https://id.gs1.org/${path}`)
        .sort(),
    );
    const some = await pharmacy.get(`/inventory?gtin=${GTIN}&limit=2`);
    expect([(some.body.units as readonly unknown[]).length, typeof some.body.next]).toEqual([2, 'string']);
  });

  it('V1: a serial that nobody commissioned is unknown, a dispensed one is not saleable', async () => {
    const verify = async (code: string) => (await pharmacy.get(`/verify?code=${encodeURIComponent(code)}`)).body;
    expect(await verify(pack('COUNTERFEIT'))).toMatchObject({ verdict: 'UNKNOWN' });
    const dispensed = await verify(pack('A'));
    expect(dispensed).toMatchObject({ verdict: 'VERIFIED_NOT_SALEABLE', unit: `https://id.gs1.org/01/${GTIN}/21/A` });
  });

  it('a recall stops the next pack', async () => {
    await accepted(maker, '/recalls', { gtin: GTIN, lot: LOT, id: 'R-1', class: 1, depth: 'patient', markets: ['DE'] });
    const { status, body } = await pharmacy.post('/dispensations', { codes: [pack('B')] });
    expect([status, body.code, body.facts]).toMatchObject([409, 'NOT_SALEABLE_RECALLED', { lot: expect.any(String) }]);
  });

  it('SIGTERM: who waits is answered with the job, at once; the next process keeps the promise', async () => {
    const mute = { ...memoryLanes(hosts.broker), publish: () => new Promise<void>(() => undefined) };
    await maker.stop();
    const muted = await hosts.startService(MAKER, makerTables, 600_000, mute);
    await following(muted);
    const waiting = muted.post('/commissionings', { codes: [pallet(9)] });
    const pending = async () => {
      const { rows } = await makerTables.postgres.query(`SELECT 1 FROM own.outbox WHERE status = 'pending'`);
      return rows.length === 1;
    };
    await until(pending, 'the promise');
    await muted.stop();
    const { status, body } = await waiting;
    expect([status, body.status]).toEqual([202, 'pending']);
    maker = await hosts.startService(MAKER, makerTables);
    await until(async () => (await maker.get(`/jobs/${body.job as string}`)).body.status === 'final', 'the job');
  });

  it('every promise was kept exactly once', async () => {
    const { rows } = await makerTables.postgres.query<{ tx_id: string; status: string }>(
      'SELECT tx_id, status FROM own.outbox',
    );
    const onChain = hosts.transactionIds(MAKER);
    expect(rows.filter(({ status }) => status === 'pending')).toEqual([]);
    for (const { tx_id } of rows) expect(onChain.filter((id) => id === tx_id)).toHaveLength(1);
    expect(new Set(onChain).size).toBe(onChain.length);
  });
});
