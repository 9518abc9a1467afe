import type { Signer } from '@custos/core-crypto';
import { peerHeaders } from '@custos/formats-peers';
import { nodeVerify } from '@custos/shell-node-crypto';
import { askers } from './asker.js';
import { ManualClock, TestNetwork } from '../testing/four-validators.js';

/** Requests at once, far below the limit of a key. */
const AT_ONCE = 1_000;

describe('who asks a validator', () => {
  const clock = new ManualClock();
  const net = new TestNetwork(4, { clock });
  const { partyKey: member } = net.members[1]!;
  const stranger: Signer = { ...member, sign: async () => new Uint8Array(64).fill(1) };
  let ask: (signer: Signer) => Promise<unknown>;

  beforeAll(async () => {
    const validator = await net.start(0);
    const askerOf = askers(validator, { verify: nodeVerify, clock });
    const request = { method: 'GET', path: '/runs?from=1' };
    ask = async (signer) => {
      const headers = await peerHeaders(signer, validator.network.networkId, { ...request, at: clock.now() });
      return askerOf({ method: request.method, url: request.path, headers: { ...headers } });
    };
  });
  afterAll(() => net.stopAll());

  it('a stranger who names a member does not use up what the member may ask', async () => {
    for (let i = 0; i < AT_ONCE; i++) await expect(ask(stranger)).rejects.toMatchObject({ details: { status: 401 } });
    expect(await ask(member)).toEqual({ keyId: member.keyId, gln: net.members[1]!.gln });
  });

  it('a member who asks too often gets the time to come back at, and may ask again then', async () => {
    const asked = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => ask(member)));
    const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(AT_ONCE);
    for (const reason of refused)
      expect(reason).toMatchObject({
        details: { status: 429, code: 'TOO_MANY_REQUESTS', field: 'custos-key', fix: expect.any(String) },
        headers: { 'retry-after': '1' },
      });
    await expect(ask(member)).rejects.toMatchObject({ details: { status: 429 } });
    await clock.advance(1_000);
    expect(await ask(member)).toMatchObject({ keyId: member.keyId });
  });
});
