import fc from 'fast-check';
import { SYSTEM, SYSTEM_EXAMPLES, TRACE, TRACE_EXAMPLES, type Route } from '@custos/formats-api';
import { garbage } from '@custos/formats-api/testing';
import { bytesInUse, faultOfAnswer, sendRaw } from '@custos/shell-process/testing';
import { AUTHORITY } from './testing/proving-chain.js';
import { ServedTrace, tokenOf } from './testing/served-trace.js';

const ROUTES: readonly Route[] = [TRACE, SYSTEM].flatMap((contracts) => Object.values<Route>(contracts));
const REQUESTS = garbage(fc, ROUTES, [...TRACE_EXAMPLES, ...SYSTEM_EXAMPLES]);
/** On a machine that is busy fewer, so that it ends: none is still a failure. */
const RUNS = { numRuns: 400, interruptAfterTimeLimit: 60_000 };
const LIMIT_MS = 240_000;
/** Bytes that may stay behind after all requests: caches and pools, not bodies. */
const LEFT_BEHIND = 64 * 1024 * 1024;

describe('garbage to trace', () => {
  const scene = new ServedTrace();
  beforeAll(() => scene.start());
  afterAll(() => scene.stop());

  it.each([
    ['with a token', { authorization: `Bearer ${tokenOf(AUTHORITY)}` }],
    ['without one', {}],
  ])(
    '%s is answered with a problem, and nothing of it is kept',
    async (_who, who) => {
      const port = Number(new URL(scene.origin).port);
      const before = bytesInUse();
      await fc.assert(
        fc.asyncProperty(REQUESTS, async (request) => {
          const answer = await sendRaw(port, { ...request, headers: { ...who, ...request.headers } });
          expect(faultOfAnswer(answer, request.method)).toBeUndefined();
        }),
        RUNS,
      );
      expect(bytesInUse() - before).toBeLessThan(LEFT_BEHIND);
    },
    LIMIT_MS,
  );

  it('it answers as before', async () => {
    const [genuine] = TRACE_EXAMPLES.filter(({ name }) => name === 'genuine');
    const { body } = await scene.get(`/verify?code=${encodeURIComponent(genuine!.query!.code!)}`);
    expect(body).toMatchObject({ verdict: 'VERIFIED' });
    expect(await scene.get('/health/ready')).toMatchObject({ status: 200 });
  });
});
