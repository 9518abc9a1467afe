import fc from 'fast-check';
import { PEER_EXAMPLES, PEERS, SYSTEM, SYSTEM_EXAMPLES, type Route } from '@custos/formats-api';
import { garbage, type RawRequest } from '@custos/formats-api/testing';
import { peerHeaders } from '@custos/formats-peers';
import { nodeVerify } from '@custos/shell-node-crypto';
import { openLog, openMetrics, type Served, systemClock } from '@custos/shell-process';
import { bytesInUse, faultOfAnswer, sendRaw } from '@custos/shell-process/testing';
import { TestNetwork, until } from './testing/four-validators.js';
import { serveValidator } from './http/serve-validator.js';

const ROUTES: readonly Route[] = [PEERS, SYSTEM].flatMap((contracts) => Object.values<Route>(contracts));
const REQUESTS = garbage(fc, ROUTES, [...PEER_EXAMPLES, ...SYSTEM_EXAMPLES]);
/** On a machine that is busy fewer, so that it ends: none is still a failure. */
const RUNS = { numRuns: 300, interruptAfterTimeLimit: 60_000 };
const LIMIT_MS = 240_000;
/** Bytes that may stay behind after all requests. */
const LEFT_BEHIND = 64 * 1024 * 1024;

describe('garbage to the HTTP of a validator', () => {
  const network = new TestNetwork();
  let served: Served;

  beforeAll(async () => {
    await network.startAll();
    await network.sendProduct(0, 1);
    await until(() => network.validators[0]!.status().final.height >= 1, 'the first block');
    served = await serveValidator(network.validators[0]!, {
      ...{ host: '127.0.0.1', port: 0, log: openLog('validator', 'silent'), metrics: openMetrics('validator') },
      ...{ needs: [], verify: nodeVerify, clock: systemClock },
      // More than an address without a token may send in a minute.
      rateExempt: ['127.0.0.1'],
    });
  });
  afterAll(async () => {
    await served.close();
    await network.stopAll();
  });

  /** Sends a request of a member, however wrong: the signature covers it as it is. */
  async function signed({ method, target }: RawRequest): Promise<Record<string, string>> {
    const { networkId } = network.validators[0]!.network;
    const request = { method, path: target, at: Date.now() };
    return peerHeaders(network.members[1]!.partyKey, networkId, request);
  }

  it.each([
    ['of a member', signed],
    ['of a stranger', async () => ({})],
    ['with headers that only look signed', async () => ({ 'custos-key': '0'.repeat(64), 'custos-time': 'NaN' })],
  ])(
    '%s is answered with a problem, and nothing of it is kept',
    async (_who, headersOf) => {
      const before = bytesInUse();
      await fc.assert(
        fc.asyncProperty(REQUESTS, async (request) => {
          const headers = { ...(await headersOf(request)), ...request.headers };
          const answer = await sendRaw(served.port, { ...request, headers });
          expect(faultOfAnswer(answer, request.method)).toBeUndefined();
        }),
        RUNS,
      );
      expect(bytesInUse() - before).toBeLessThan(LEFT_BEHIND);
    },
    LIMIT_MS,
  );

  it('it makes blocks as before', async () => {
    const { height } = network.validators[0]!.status().final;
    await network.sendProduct(0, 2);
    await until(() => network.validators[0]!.status().final.height > height, 'another block');
    expect(network.alarms).toEqual([]);
  });
});
