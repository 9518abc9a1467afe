import type { Postgres } from '@custos/shell-postgres';
import { freshDatabase, type FreshDatabase } from '@custos/shell-postgres/testing';
import { NETWORK, sampleChain, type BuiltRun } from '../testing/chain.js';
import { FOLLOWER_MIGRATIONS, OwnProgress1764300100000 } from './follower-migrations.js';
import {
  answerOf,
  following,
  rowsAfter,
  rowsOf,
  ShownTables1764080000000,
  shownProjection,
  type Following,
  type ShownProjection,
} from '../testing/following.js';
import { rebuildReadModel } from './rebuild.js';

const chain = sampleChain();
const TOP = 6;
const HEIGHTS = [1, 2, 3, 4, 5, 6];

describe('tables that are emptied, put back or built anew', () => {
  let database: FreshDatabase;
  const nodes: Following[] = [];
  let postgres: Postgres;

  const ownProjection = (name: string): ShownProjection => ({ ...shownProjection(name), schema: 'own' });
  const caughtUp = async () =>
    (await postgres.query('SELECT bool_and(caught_up) AS all FROM readmodel.projection')).rows[0]!['all'];

  async function follow(projections: readonly ShownProjection[], validator: readonly BuiltRun[]): Promise<Following> {
    const node = following({ postgres, projections, validator });
    nodes.push(node);
    await node.start();
    return node;
  }
  function rebuild(projections: readonly ShownProjection[], pull?: (from: number) => Promise<readonly Uint8Array[]>) {
    const { trust, genesis, header } = NETWORK;
    return rebuildReadModel({
      ...{ trust, genesis, genesisHeader: header, postgres, projections },
      pull: pull ?? (async (from) => answerOf(chain, from)),
      log: { info: () => undefined, warn: () => undefined },
    });
  }

  beforeEach(async () => {
    const readmodel = [...FOLLOWER_MIGRATIONS, ShownTables1764080000000];
    database = await freshDatabase('rebuild_spec', { readmodel, own: [OwnProgress1764300100000] });
    postgres = database.postgres;
  });
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close();
    await database.drop();
  });

  test('absence 4: a rebuild projects every block again, once, and leaves what is our own', async () => {
    await follow([shownProjection('units'), ownProjection('settlement')], chain);
    const [units, settlement] = [shownProjection('units'), ownProjection('settlement')];
    const header = await rebuild([units, settlement]);
    expect(header.height).toBe(TOP);
    expect([units.calls, settlement.calls]).toEqual([HEIGHTS, []]);
    expect(await rowsOf(postgres, 'units')).toEqual(rowsAfter(chain));
    expect(await caughtUp()).toBe(true);
  });

  test('a validator that is away: nothing is emptied', async () => {
    await follow([shownProjection('units')], chain);
    await expect(rebuild([shownProjection('units')], () => Promise.reject(new Error('refused')))).rejects.toThrow();
    expect(await rowsOf(postgres, 'units')).toEqual(rowsAfter(chain));
  });

  test('a validator that sends what does not follow: rows that are not whole are not answered from', async () => {
    await follow([shownProjection('units')], chain);
    const leavesOut = async (from: number) => answerOf(from === 1 ? chain.slice(0, 1) : chain.slice(2), from);
    await expect(rebuild([shownProjection('units')], leavesOut)).rejects.toThrow('nothing that follows on block 1');
    expect(await caughtUp()).toBe(false);
  });

  test('a service that runs meanwhile goes on with the new rows', async () => {
    const validator = [...chain.slice(0, 2)];
    const node = await follow([shownProjection('units')], validator);
    await rebuild([shownProjection('units')]);
    validator.push(chain[2]!);
    await node.publish(chain[2]!.messages);
    await node.settled();
    expect(node.follower.head().height).toBe(TOP);
    expect(node.warnings).toEqual([]);
    expect(await rowsOf(postgres, 'units')).toEqual(rowsAfter(chain));
  });

  test('a rebuild that died half way is completed by the service that runs', async () => {
    const validator = [...chain.slice(0, 2)];
    const node = await follow([shownProjection('units'), shownProjection('events')], validator);
    let pulls = 0;
    const dies = async (): Promise<never> => {
      if (pulls++ === 0) return [] as never;
      throw new Error('killed');
    };
    await expect(rebuild([shownProjection('units'), shownProjection('events')], dies)).rejects.toThrow('killed');
    expect(await rowsOf(postgres, 'units')).toEqual(rowsAfter([]));
    expect(await caughtUp()).toBe(false);
    validator.push(chain[2]!);
    await node.publish(chain[2]!.messages);
    await node.settled();
    expect(node.warnings).toEqual(['the tables were changed under us']);
    for (const name of ['units', 'events']) expect(await rowsOf(postgres, name)).toEqual(rowsAfter(chain));
    expect(await caughtUp()).toBe(true);
  });

  test('own rows that were put back are projected on from their own height, whatever the read model has', async () => {
    const first = await follow([ownProjection('settlement')], chain.slice(0, 1));
    await first.close();
    await postgres.query('CREATE TABLE own.saved AS SELECT * FROM own.projection');
    const second = await follow([shownProjection('units'), ownProjection('settlement')], chain);
    await second.close();
    nodes.splice(0);
    await postgres.query('DELETE FROM own.projection');
    await postgres.query('INSERT INTO own.projection SELECT * FROM own.saved');
    const [units, settlement] = [shownProjection('units'), ownProjection('settlement')];
    const node = await follow([units, settlement], chain);
    expect([units.calls, settlement.calls]).toEqual([[], [2, 3, 4, 5, 6]]);
    expect(node.heard).toEqual([2, 3, 4, 5, 6]);
  });
});
