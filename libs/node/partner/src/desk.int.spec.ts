import { NothingProjected, registryProjection } from '@custos/node-epcis-repository';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { createFollower, type Follower } from '@custos/node-follower';
import { createDesk } from './desk.js';
import { EXPIRY, genesisDocument, identityIn, LOT, MAKER, pack } from './testing/members.js';
import { PromiseScene, START } from './testing/promises.js';
import { freshTables } from './testing/fresh-database.js';

describe('a desk whose service is behind the chain', () => {
  const { network } = identityIn(genesisDocument(START), MAKER);
  let database: FreshDatabase;
  let follower: Follower;
  let scene: PromiseScene;
  let isCurrent = true;

  beforeAll(async () => {
    database = await freshTables();
    follower = createFollower({
      ...{ trust: network.trust, genesis: network.genesis, genesisHeader: network.header },
      ...{ postgres: database.postgres, lane: 'x.final.y', projections: [registryProjection] },
      pull: async () => [],
      log: { info: () => undefined, warn: () => undefined },
    });
    scene = await PromiseScene.open(database.postgres);
  });
  afterAll(async () => {
    await follower.stop();
    await scene.stop();
    await database.drop();
  });

  function commission() {
    const desk = createDesk({
      ...{ party: MAKER.gln, hasher: network.trust.hasher, postgres: database.postgres },
      ...{
        sealedEvents: scene.sealedEvents,
        submissions: scene.submissions,
        waitMs: 0,
        now: scene.clock.now,
        isCurrent: () => isCurrent,
      },
    });
    const body = { codes: [pack('A')], lot: LOT, expiry: EXPIRY };
    return desk.task('commission', { input: body, body, idempotency: undefined });
  }

  it('calls nothing unknown, before all blocks are here and when some are missing', async () => {
    await expect(commission()).rejects.toBeInstanceOf(NothingProjected);
    await follower.start(async () => undefined);
    isCurrent = false;
    await expect(commission()).rejects.toBeInstanceOf(NothingProjected);
    isCurrent = true;
    expect(await commission()).toMatchObject({ ok: false, malformed: { code: 'GTIN_UNKNOWN' } });
  });
});
