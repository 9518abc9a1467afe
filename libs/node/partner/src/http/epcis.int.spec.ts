import type { Json, JsonObject } from '@custos/core-bytes';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import {
  CUSTOS_CONTEXT,
  CUSTOS_NAMESPACE,
  EPCIS_CONTEXT,
  eventHash,
  openDocument,
  parseEvent,
} from '@custos/core-epcis';
import { nodeHasher } from '@custos/shell-node-crypto';
import { accepted, FourHosts, following, type Answer, type Service } from '../testing/four-hosts.js';
import { EXPIRY, GTIN, LOT, MAKER, pack, PRODUCT, tokenOf, TRADER } from '../testing/members.js';
import { until } from '../testing/until.js';

describe('EPCIS over HTTP, over four validators', () => {
  const hosts = new FourHosts();
  let makerTables: FreshDatabase;
  let maker: Service;
  let trader: Service;

  beforeAll(async () => {
    await hosts.startValidators();
    makerTables = await hosts.freshDatabase();
    maker = await hosts.startService(MAKER, makerTables);
    trader = await hosts.startService(TRADER, await hosts.freshDatabase());
    await following(maker, trader);
    await accepted(maker, '/products', PRODUCT);
    await accepted(maker, '/commissionings', { codes: [pack('A')], lot: LOT, expiry: EXPIRY });
  });
  afterAll(() => hosts.stop());

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
    expect(answer.headers.get('gs1-epcis-capture-limit')).toBe(behaviour === 'proceed' ? null : '500');
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
    const { rows } = await makerTables.postgres.query<{ job: string }>(`SELECT job FROM own.job WHERE kind = 'event'`);
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
    const refused = stocking('urn:x:7', { bizStep: 'receiving', epcList: [`https://id.gs1.org/01/${GTIN}/21/Z`] });
    const job = await captured([stocking('urn:x:5'), wrong, refused, stocking('urn:x:8')], 'proceed');
    expect(job).toMatchObject({ success: false, captureErrorBehaviour: 'proceed' });
    const errors = job.errors as readonly JsonObject[];
    expect(errors.map(({ event }) => event)).toEqual(['/epcisBody/eventList/1', '/epcisBody/eventList/2']);
    for (const id of ['5', '8']) expect((await maker.get(`/events/urn%3Ax%3A${id}`)).status).toBe(200);
    for (const id of ['6', '7']) expect((await maker.get(`/events/urn%3Ax%3A${id}`)).status).toBe(404);
    expect((await maker.get('/events/a%00')).status).toBe(404);
  });

  const found = async (id: string) => {
    const { body, headers } = await maker.get(`/events/${encodeURIComponent(id)}`);
    expect(headers.get('gs1-extensions')).toBe('custos=urn:custos:epcis:1');
    const { queryResults } = body.epcisBody as { queryResults: { resultsBody: { eventList: JsonObject[] } } };
    return { context: body['@context'], events: queryResults.resultsBody.eventList };
  };

  it('an event comes out as it went in, under the context of its signer', async () => {
    const context = [EPCIS_CONTEXT, { plant: 'https://plant.example.com/ns/', custos: CUSTOS_NAMESPACE }];
    const event = stocking('urn:x:ctx', {
      '@context': { line: 'https://plant.example.com/line#' },
      'plant:shift': { 'plant:name': ' b ', 'line:no': 7, ä: [1.5, null, true] },
      'line:no': '07',
      epcList: ['urn:epc:id:sgtin:4012345.000001.A'],
      bizStep: 'https://ref.gs1.org/cbv/BizStep-stocking',
    });
    expect((await maker.post('/capture', { ...documentOf([event]), '@context': context })).status).toBe(202);
    await until(async () => (await maker.get('/events/urn%3Ax%3Actx')).status === 200, 'the event');
    const { context: read, events } = await found('urn:x:ctx');
    expect(read).toEqual(context);
    expect(events).toEqual([{ ...event, recordTime: expect.any(String) }]);
    // A reader of the answer names it alike.
    expect(hashOf({ '@context': read!, ...events[0]! })).toBe(hashOf({ '@context': context, ...event }));
  });

  it('L6.1: a member that uses the eventID of another hides nothing from it', async () => {
    const id = 'urn:x:shared';
    const event = stocking(id, { epcList: ['urn:x:box:1'] });
    const own = { ...event, bizStep: 'inspecting' };
    await accepted(trader, '/events', { '@context': CUSTOS_CONTEXT, ...own });
    const declarations = Array.from({ length: 55 }, (_, n) => ({
      ...event,
      errorDeclaration: { declarationTime: `2026-01-05T07:00:00.${100 + n}Z`, reason: 'did_not_occur' },
    }));
    expect(await captured([event, ...declarations])).toMatchObject({ success: true });
    const { status, body } = await trader.get(`/events/${encodeURIComponent(id)}`);
    expect([status, body]).toMatchObject([200, { epcisBody: { queryResults: { resultsBody: { eventList: [own] } } } }]);
  });

  it('C24: what its party declares of an event is told with it', async () => {
    const context = { '@context': [EPCIS_CONTEXT, { other: 'https://other.example.com/' }] };
    const sensed = stocking('urn:x:err', { epcList: ['urn:x:box:1'] });
    await accepted(maker, '/events', { ...context, ...sensed });
    const errorDeclaration = { declarationTime: '2026-01-05T09:00:00Z', reason: 'did_not_occur' };
    const declared = { ...sensed, errorDeclaration };
    const answer = await maker.post('/events', { '@context': CUSTOS_CONTEXT, ...declared });
    expect(answer.status).toBe(201);
    const { events } = await found('urn:x:err');
    expect(events).toMatchObject([sensed, { ...declared, '@context': CUSTOS_CONTEXT }]);
  });

  describe('L2.8: an event of a person', () => {
    const person = 'urn:epc:id:gsrn:4012345.0000000001';
    const given = stocking('urn:x:person', {
      epcList: ['urn:x:bag:1'],
      sourceList: [{ type: 'https://example.com/recipient', source: person }],
      destinationList: [{ type: 'owning_party', destination: `https://id.gs1.org/417/${TRADER.gln}` }],
      'custos:prescription': { number: 'RX-1', items: [1, 2] },
      'custos:contact': null,
    });
    const rows = async () => {
      const { rows } = await makerTables.postgres.query<{ event: string }>(
        `SELECT event::text FROM readmodel.event WHERE event::text LIKE '%urn:custos:sealed:%' ORDER BY moment`,
      );
      return rows.map(({ event }) => event);
    };

    it('is captured, and comes out as it went in; the chain and everybody else have seals', async () => {
      expect(await captured([given])).toMatchObject({ success: true, errors: [] });
      const { events } = await found('urn:x:person');
      expect(events).toEqual([{ ...given, recordTime: expect.any(String) }]);
      const [event] = await rows();
      for (const clear of [person, 'RX-1', 'urn:x:person']) expect(event).not.toContain(clear);
      const { eventID } = JSON.parse(event!) as { eventID: string };
      const query = `/events/${encodeURIComponent(eventID)}`;
      await until(async () => (await trader.get(query)).status === 200, 'the event at the trader');
      const seen = JSON.stringify((await trader.get(query)).body);
      expect([seen.includes('urn:custos:sealed:'), seen.includes('RX-1'), seen.includes(person)]).toEqual([
        ...[true, false, false],
      ]);
    });

    it('S9: sent again it is the same; another one under its id is told so', async () => {
      expect(await captured([given])).toMatchObject({ success: true, errors: [] });
      expect(new Set(await rows()).size).toBe(1);
      const bare = { '@context': CUSTOS_CONTEXT, ...given };
      expect((await maker.post('/events', bare)).body).toMatchObject({ status: 409, code: 'REPEATED' });
      expect((await maker.post('/events', { ...bare, bizStep: 'storing' })).body).toMatchObject({
        ...{ status: 409, code: 'DUPLICATE_EVENT', field: '/eventID' },
        type: 'epcisException:ResourceAlreadyExistsException',
      });
    });

    it('without an id of its own, it is found under its hash and that of the chain; twice in a document it is one', async () => {
      const { eventID: _id, ...rest } = given;
      const unnamed: JsonObject = { ...rest, 'custos:prescription': 'RX-2' };
      const { body } = await accepted(maker, '/events', { '@context': CUSTOS_CONTEXT, ...unnamed });
      const [chainId] = body.events as readonly string[];
      const eventID = hashOf({ '@context': CUSTOS_CONTEXT, ...unnamed });
      expect(eventID).not.toBe(chainId);
      for (const id of [chainId!, eventID])
        expect((await found(id)).events).toEqual([{ ...unnamed, eventID, recordTime: expect.any(String) }]);
      expect(await captured([unnamed, unnamed])).toMatchObject({ success: true });
      expect(new Set(await rows()).size).toBe(2);
    });

    it('what is declared of it later is told with it', async () => {
      const errorDeclaration = { declarationTime: '2026-01-05T09:00:00Z', 'custos:contact': 'Dr. A' };
      expect(await captured([{ ...given, errorDeclaration }])).toMatchObject({ success: true, errors: [] });
      const { events } = await found('urn:x:person');
      expect(events).toMatchObject([given, { ...given, errorDeclaration }]);
      expect((await rows()).join(' ')).not.toContain('Dr. A');
    });
  });

  it('12: OPTIONS tells what a route takes', async () => {
    const options = async (path: string) => {
      const { status, headers } = await maker.send('OPTIONS', path);
      return [status, headers.get('allow'), headers.get('gs1-epcis-max'), headers.get('gs1-capture-error-behaviour')];
    };
    expect(await options('/capture')).toEqual([204, 'OPTIONS, POST', '2.0.1', 'all']);
    expect(await options('/capture/x')).toEqual([204, 'OPTIONS, GET', '2.0.1', null]);
    expect(await options('/events')).toEqual([204, 'OPTIONS, POST', '2.0.1', null]);
    expect(await options('/events/x')).toEqual([204, 'OPTIONS, GET', '2.0.1', null]);
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['an older EPCIS', { 'GS1-EPCIS-Version': '1.2' }, 406, 'NotAcceptableException'],
    ['a newer EPCIS at least', { 'GS1-EPCIS-Min': '2.1' }, 406, 'NotAcceptableException'],
    ['an older CBV at most', { 'GS1-CBV-Max': '1.2.0' }, 406, 'NotAcceptableException'],
    ['no version', { 'GS1-EPCIS-Max': 'two' }, 400, 'ValidationException'],
    ['translated codes', { 'GS1-EPC-Format': 'Always_EPC_URN' }, 406, 'NotAcceptableException'],
    ['XML', { accept: 'application/xml, text/plain;q=0.5' }, 406, 'NotAcceptableException'],
    ['no JSON at all', { accept: 'application/json;q=0' }, 406, 'NotAcceptableException'],
    ['sent as XML', { 'content-type': 'application/xml' }, 415, 'UnsupportedMediaTypeException'],
  ])('12: who asks for %s is told so', async (_what, headers, status, type) => {
    const answer = await maker.post('/events', { '@context': CUSTOS_CONTEXT, ...stocking('urn:x:v') }, { headers });
    expect([answer.status, answer.body.type]).toEqual([status, `epcisException:${type}`]);
    expect(answer.headers.get('gs1-epcis-version')).toBe('2.0.0');
  });

  it('12: what is spoken here passes', async () => {
    const headers = {
      ...{ 'GS1-EPCIS-Version': '2.0', 'GS1-CBV-Version': '2.0.0', 'GS1-EPCIS-Min': '1.2', 'GS1-EPCIS-Max': '2.1' },
      ...{ 'GS1-EPC-Format': 'No_Preference', accept: 'application/xml;q=0.1, application/ld+json' },
    };
    expect((await maker.get('/events/urn%3Ax%3A1', { headers })).status).toBe(200);
  });

  it('12: each problem has its name', async () => {
    const typeOf = async (answer: Promise<Answer>) => {
      const { status, body, headers } = await answer;
      return [status, body.type, headers.get('gs1-epcis-capture-file-size-limit')];
    };
    const large = { x: 'x'.repeat(17_000_000) };
    const security = 'epcisException:SecurityException';
    expect(await typeOf(maker.get('/capture/x', { token: '' }))).toEqual([401, security, null]);
    const reader = { token: tokenOf(MAKER.gln, 'read') };
    expect(await typeOf(maker.post('/capture', {}, reader))).toEqual([403, security, null]);
    expect(await typeOf(maker.get('/capture/x'))).toEqual([404, 'epcisException:NoSuchResourceException', null]);
    expect(await typeOf(maker.post('/capture', large))).toEqual([
      413,
      'epcisException:CaptureLimitExceededException',
      String(16 * 1024 * 1024),
    ]);
    const many = documentOf(Array.from({ length: 501 }, (_, i) => stocking(`urn:many:${i}`)));
    expect((await maker.post('/capture', many)).body).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    const words = { headers: { 'gs1-capture-error-behaviour': 'perhaps' } };
    expect(await typeOf(maker.post('/capture', {}, words))).toEqual([400, 'epcisException:ValidationException', null]);
    const bare = { '@context': CUSTOS_CONTEXT, ...stocking('urn:x:5', { bizStep: 'inspecting' }) };
    expect((await typeOf(maker.post('/events', bare))).slice(0, 2)).toEqual([
      409,
      'epcisException:ResourceAlreadyExistsException',
    ]);
  });

  it('rollback: every wrong event is told at once', async () => {
    const wrong = [
      stocking('urn:x:w1', { action: 'MOVE' }),
      stocking('urn:x:w2'),
      stocking('urn:x:w3', { epcList: 7 }),
    ];
    const { status, body } = await maker.post('/capture', documentOf(wrong));
    expect([status, body.field, body.count]).toEqual([400, '/epcisBody/eventList/0/action', 2]);
    expect((body.errors as JsonObject[]).map(({ field }) => field)).toEqual([
      '/epcisBody/eventList/0/action',
      '/epcisBody/eventList/2/epcList',
    ]);
  });

  it('proceed: a document that is wrong throughout is a job of errors', async () => {
    const job = await captured([stocking('urn:x:n1', { action: 'MOVE' })], 'proceed');
    expect(job).toMatchObject({ running: false, success: false, errors: [{ code: 'MALFORMED_EVENT' }] });
  });

  it('the answer to a query is captured like a document; an event that is twice in it counts once', async () => {
    const twice = stocking('urn:x:twice');
    const queryResults = { queryName: 'q', resultsBody: { eventList: [twice, twice] } };
    const answer = { '@context': CUSTOS_CONTEXT, type: 'EPCISQueryDocument', epcisBody: { queryResults } };
    const location = (await maker.post('/capture', answer)).headers.get('location')!;
    await until(async () => (await maker.get(location)).body.running === false, location);
    expect((await maker.get(location)).body).toMatchObject({ success: true, errors: [] });
    expect((await found('urn:x:twice')).events).toHaveLength(1);
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

/** Of a bare event. */
function hashOf(json: JsonObject): string {
  const opened = openDocument(json);
  const event = opened.ok ? parseEvent(opened.value.events[0]!.json, opened.value.scope) : opened;
  if (!opened.ok || !event.ok) throw new Error(JSON.stringify(event));
  return eventHash(nodeHasher, event.value, opened.value.scope);
}
