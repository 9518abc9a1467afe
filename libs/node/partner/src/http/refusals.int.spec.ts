import { type Json, type JsonObject } from '@custos/core-bytes';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { accepted, FourHosts, following, type Answer, type Service } from '../testing/four-hosts.js';
import {
  EXPIRY,
  GTIN,
  LOT,
  MAKER,
  NOBODY,
  pack,
  pallet,
  PHARMACY,
  PRODUCT,
  tokenOf,
  TRADER,
} from '../testing/members.js';

const BATCH = { lot: LOT, expiry: EXPIRY };

describe('what partner services refuse before anything is signed', () => {
  const hosts = new FourHosts();
  let makerTables: FreshDatabase;
  let maker: Service;
  let trader: Service;
  let pharmacy: Service;

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
    await hosts.startValidators();
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => hosts.freshDatabase()));
    makerTables = first!;
    maker = await hosts.startService(MAKER, makerTables);
    trader = await hosts.startService(TRADER, second!);
    pharmacy = await hosts.startService(PHARMACY, third!);
    await following(maker, trader, pharmacy);
    await accepted(maker, '/products', PRODUCT);
  });
  afterAll(() => hosts.stop());

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
      expect(await refused(`/verify?code=${encodeURIComponent(pack('A'))}&proof=perhaps`)).toEqual([400, 'proof']);
      expect(await refused('/inventory?limit=0')).toEqual([400, 'limit']);
      expect(await refused(`/inventory?within=${GTIN}`)).toEqual([400, 'within']);
    });
  });
});
