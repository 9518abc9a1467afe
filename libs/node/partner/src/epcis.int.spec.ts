import type { Json, JsonObject } from '@custos/core-bytes';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { accepted, FourHosts, following, type Service } from './four-hosts.contract.js';
import { until, type FreshDatabase } from './fresh-database.contract.js';
import { EXPIRY, GTIN, LOT, MAKER, pack, PRODUCT, TRADER } from './members.contract.js';

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
