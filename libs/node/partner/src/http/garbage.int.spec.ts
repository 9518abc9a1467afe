import fc from 'fast-check';
import { EPCIS, JOBS, PARTNER_STORY, SYSTEM, SYSTEM_EXAMPLES, TASKS, type Route } from '@custos/formats-api';
import { garbage } from '@custos/formats-api/testing';
import { bytesInUse, faultOfAnswer, sendRaw } from '@custos/shell-process/testing';
import { FourHosts, following, type Service } from '../testing/four-hosts.js';
import { GTIN, MAKER, pallet, PHARMACY, PRODUCT, tokenOf } from '../testing/members.js';
import { until } from '../testing/until.js';

const CONTEXTS = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'];
const ROUTES: readonly Route[] = [TASKS, JOBS, EPCIS, SYSTEM].flatMap((contracts) => Object.values<Route>(contracts));
const REQUESTS = garbage(fc, ROUTES, [...PARTNER_STORY, ...SYSTEM_EXAMPLES]);
const [STORED] = PARTNER_STORY.flatMap(({ name, route, body }) =>
  route === 'captureEvent' && name === 'stored'
    ? [{ ...(body as object), '@context': [...CONTEXTS, { example: 'https://example.org/' }], eventID: 'urn:x:odd' }]
    : [],
);
/** On a machine that is busy fewer, so that it ends: none is still a failure. */
const RUNS = { numRuns: 300, interruptAfterTimeLimit: 60_000 };
const LIMIT_MS = 240_000;
/** Bytes that may stay behind after all requests: caches and pools, not bodies. */
const LEFT_BEHIND = 96 * 1024 * 1024;

describe('garbage to partner services over four validators', () => {
  const hosts = new FourHosts();
  let maker: Service;
  let pharmacy: Service;

  beforeAll(async () => {
    await hosts.startValidators();
    // No one waits for finality here.
    maker = await hosts.startService(MAKER, await hosts.freshDatabase(), 0);
    pharmacy = await hosts.startService(PHARMACY, await hosts.freshDatabase(), 0);
    await following(maker, pharmacy);
  });
  afterAll(() => hosts.stop());

  it.each([
    ['manufacturer', () => maker, MAKER],
    ['pharmacy', () => pharmacy, PHARMACY],
  ])(
    'a %s answers whatever comes with a problem, and keeps nothing of it',
    async (_role, service, { gln }) => {
      const port = Number(new URL(service().origin).port);
      const authorization = `Bearer ${tokenOf(gln, 'operate')}`;
      const before = bytesInUse();
      await fc.assert(
        fc.asyncProperty(REQUESTS, async (request) => {
          const headers = { authorization, ...request.headers };
          const answer = await sendRaw(port, { ...request, headers });
          expect(faultOfAnswer(answer, request.method)).toBeUndefined();
        }),
        RUNS,
      );
      expect(bytesInUse() - before).toBeLessThan(LEFT_BEHIND);
    },
    LIMIT_MS,
  );

  it('what is well formed and still odd is signed, judged and read by every follower', async () => {
    const odd = 'a\u0000b\u202e😀';
    const documents = [{ type: 'po', id: odd }];
    const bodies: readonly (readonly [string, object])[] = [
      ['/products', { ...PRODUCT, name: odd }],
      ['/recalls', { gtin: GTIN, lot: 'L1', id: odd, class: 1, depth: 'patient' }],
      ['/shipments', { codes: [pallet(5)], receiver: PHARMACY.gln, documents }],
      ['/events', { ...STORED, 'example:odd': { [odd]: odd } }],
    ];
    for (const [path, body] of bodies) {
      const { status, body: told } = await maker.post(path, body);
      expect([path, status]).toEqual([path, 202]);
      const job = `/jobs/${String(told.job)}`;
      // The next one may need what this one registers.
      await until(async () => (await maker.get(job)).body.status !== 'pending', job);
    }
  });

  it('the chain goes on after all that: no block that validators choke on', async () => {
    const product = await maker.post('/products', { ...PRODUCT, gtin: GTIN });
    expect([201, 202, 409]).toContain(product.status);
    const { body } = await maker.post('/commissionings', { codes: [pallet(77)] });
    const job = `/jobs/${body.job as string}`;
    await until(async () => (await maker.get(job)).body.status === 'final', 'the pallet');
    expect((await maker.get('/health/ready')).status).toBe(200);
  });
});
