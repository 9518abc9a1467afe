import { orReject } from '@custos/core-bytes';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import {
  parseAnswer,
  parseTransactionInclusion,
  trustGenesis,
  verifyAnswer,
  verifyTransactionInclusion,
} from '@custos/core-chain';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { parseInput, TASKS } from '@custos/formats-api';
import { memoryLanes } from '@custos/shell-lanes';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { accepted, FourHosts, following, type Service } from '../testing/four-hosts.js';
import { carton, EXPIRY, GTIN, LOT, MAKER, pack, pallet, PHARMACY, PRODUCT, scan, TRADER } from '../testing/members.js';
import { until } from '../testing/until.js';

const BATCH = { lot: LOT, expiry: EXPIRY };

describe('what partner services promise, over four validators', () => {
  const hosts = new FourHosts();
  let makerTables: FreshDatabase;
  let maker: Service;
  let trader: Service;
  let pharmacy: Service;

  beforeAll(async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => hosts.freshDatabase()));
    makerTables = first!;
    const never = () => new Promise<never>(() => undefined);
    const away = { ...memoryLanes(), ensure: never, subscribe: never, publish: never };
    maker = await hosts.startService(MAKER, makerTables, 100, away);
    trader = await hosts.startService(TRADER, second!);
    pharmacy = await hosts.startService(PHARMACY, third!);
    await following(trader, pharmacy);
  });
  afterAll(() => hosts.stop());

  it('promises while broker and validators are away, and keeps it once they are there', async () => {
    // Before the chain was read to its end no one knows what is in stock, nor who is registered.
    const unread = { code: 'AWAY', away: expect.stringContaining('The chain') };
    const codes = [pack('A')];
    for (const answer of [await maker.get('/inventory'), await maker.post('/commissionings', { codes, ...BATCH })]) {
      expect([answer.status, answer.headers.get('retry-after'), answer.body]).toMatchObject([503, '2', unread]);
    }
    expect((await maker.get('/health/ready')).body).toMatchObject({ status: 503, missing: ['network'] });
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

  it('V1: a serial that no one commissioned is unknown, a dispensed one is not saleable', async () => {
    const verify = async (code: string) => (await pharmacy.get(`/verify?code=${encodeURIComponent(code)}`)).body;
    expect(await verify(pack('COUNTERFEIT'))).toMatchObject({ verdict: 'UNKNOWN' });
    const dispensed = await verify(pack('A'));
    expect(dispensed).toMatchObject({ verdict: 'VERIFIED_NOT_SALEABLE', unit: `https://id.gs1.org/01/${GTIN}/21/A` });
  });

  it("L7: with a proof, the verdict comes from the leaves of the organisation's own validator", async () => {
    const { status, body } = await pharmacy.get(`/verify?code=${encodeURIComponent(scan('A'))}&proof=true`);
    expect([status, body.verdict]).toEqual([200, 'VERIFIED_NOT_SALEABLE']);
    const bundle = orReject(parseAnswer(body.proof!));
    const answer = orReject(verifyAnswer(nodeHasher, trustGenesis(nodeHasher, hosts.genesis), bundle));
    expect(await nodeVerify(answer.checks)).toBe(true);
    expect([...answer.leaves.keys()]).toContain(`unit/01/${GTIN}/21/A`);
  });

  it('a recall stops the next pack', async () => {
    await accepted(maker, '/recalls', { gtin: GTIN, lot: LOT, id: 'R-1', class: 1, depth: 'patient', markets: ['DE'] });
    const { status, body } = await pharmacy.post('/dispensations', { codes: [pack('B')] });
    expect([status, body.code, body.facts]).toMatchObject([409, 'NOT_SALEABLE_RECALLED', { lot: expect.any(String) }]);
  });

  it('S1: nor does another spelling of its code, as an event', async () => {
    const urn = 'urn:epc:id:sgtin:4012345.000001.B';
    const dispensed = (epc: string) =>
      pharmacy.post('/events', {
        ...{ '@context': CUSTOS_CONTEXT, type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'dispensing' },
        ...{ eventTime: new Date().toISOString(), eventTimeZoneOffset: '+00:00', epcList: [epc] },
      });
    for (const path of [`01/${GTIN}/21/B`, `%30%31/${GTIN}/21/%42`, `x/../gtin/${GTIN}/ser/B?17=310630`]) {
      const { status, body } = await dispensed(`Https://id.gs1.org/${path}`);
      expect([status, body.code]).toEqual([409, 'NOT_SALEABLE_RECALLED']);
    }
    const count = hosts.transactionIds(PHARMACY).length;
    for (const path of [`01/${GTIN}/21/B/`, `01//${GTIN}/21/B`, `GTIN/${GTIN}/SER/B`]) {
      const { status, body } = await dispensed(`https://id.gs1.org/${path}`);
      expect([status, body.code, body.field]).toEqual([400, 'MALFORMED_EVENT', '/epcList/0']);
    }
    for (const epc of [`ftp://id.gs1.org/01/${GTIN}/21/B`, urn.replace('sgtin', 'SGTIN')])
      expect((await dispensed(epc)).body).toMatchObject({ status: 400, field: '/epcList/0', fix: expect.any(String) });
    expect(hosts.transactionIds(PHARMACY)).toHaveLength(count);
    expect((await dispensed(urn.replace('urn:epc', 'URN:EPC'))).body.code).toBe('NOT_SALEABLE_RECALLED');
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
