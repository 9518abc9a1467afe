import { orReject } from '@custos/core-bytes';
import { clearReadModel, type Postgres, type Sql } from '@custos/shell-postgres';
import { freshDatabase, type FreshDatabase } from '@custos/shell-postgres/testing';
import { MemoryBroker } from '@custos/shell-lanes';
import { builtRun, GENESIS, messagesOf, NETWORK, sampleChain, type BuiltRun, CHAIN } from './testing/chain.js';
import { FOLLOWER_MIGRATIONS, OwnProgress1764300100000 } from './rows/follower-migrations.js';
import { SILENCE_MS } from './runs/silence.js';
import {
  following,
  heightsOf,
  rowsAfter,
  rowsOf,
  ShownTables1764080000000,
  shownProjection,
  type Following,
  type Scene,
} from './testing/following.js';
import { pinNetwork } from './pinned-network.js';
import type { ProjectedBlock } from './rows/projection.js';

const chain = sampleChain();
const [first, second, third] = chain;
const TOP = 6;
const HEIGHTS = [1, 2, 3, 4, 5, 6];

let database: FreshDatabase;
let postgres: Postgres;
const running = new Set<Following>();

function follow(scene: Omit<Scene, 'postgres'>): Following {
  const node = following({ postgres, ...scene });
  running.add(node);
  return node;
}

async function close(node: Following): Promise<void> {
  running.delete(node);
  await node.close();
}

const projected = (name: string) => rowsOf(postgres, name);
const height = (node: Following): number => node.follower.head().height;

beforeAll(async () => {
  const readmodel = [...FOLLOWER_MIGRATIONS, ShownTables1764080000000];
  database = await freshDatabase('follower_spec', { readmodel, own: [OwnProgress1764300100000] });
  postgres = database.postgres;
});
afterEach(async () => {
  for (const node of [...running]) await close(node);
  await clearReadModel(postgres);
  await postgres.query('TRUNCATE own.projection');
});
afterAll(async () => {
  await database.drop();
});

describe('each block is projected exactly once', () => {
  it('from genesis on, by pulls alone, until the validator has no more', async () => {
    const node = follow({ projections: [shownProjection('units')], validator: chain });
    await node.start();
    expect(node.follower.head()).toEqual(third.blocks.at(-1)!.block.header);
    expect(node.pulls).toEqual([1, 2, 4, 7]);
    expect(node.heard).toEqual(HEIGHTS);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('from the lane alone', async () => {
    const node = follow({ projections: [shownProjection('units')] });
    await node.start();
    for (const { messages } of chain) await node.publish(messages);
    await node.settled();
    expect(node.pulls).toEqual([1]);
    expect(node.heard).toEqual(HEIGHTS);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('L4.6: when the lane brings all that was pulled, every message twice, and the whole lane again', async () => {
    const units = shownProjection('units');
    const node = follow({ projections: [units], validator: chain });
    await node.start();
    const all = chain.flatMap(({ messages }) => messages);
    await node.publish(all.flatMap((message) => [message, message]));
    await node.publish(all);
    await node.settled();
    expect(units.calls).toEqual(HEIGHTS);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('L4.6: when every message of the lane comes twice and there is nothing to pull', async () => {
    const units = shownProjection('units');
    const node = follow({ projections: [units] });
    await node.start();
    await node.publish(chain.flatMap(({ messages }) => messages.flatMap((message) => [message, message])));
    await node.settled();
    expect(units.calls).toEqual(HEIGHTS);
    // A record that comes again is known: it costs no pull.
    expect(node.pulls).toEqual([1]);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('when lane and pull bring the same runs at once', async () => {
    const units = shownProjection('units');
    const all = chain.flatMap(({ messages }) => messages);
    let pulls = 0;
    const node: Following = follow({
      projections: [units],
      validator: chain,
      onPull: async () => (pulls++ === 0 ? node.publish(all) : undefined),
    });
    await node.start();
    await node.settled();
    expect(units.calls).toEqual(HEIGHTS);
    expect(node.heard).toEqual(HEIGHTS);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('when a longer run brings what is there already', async () => {
    const units = shownProjection('units');
    const node = follow({ projections: [units], validator: [first] });
    await node.start();
    const overlapping = builtRun([...first.blocks, ...second.blocks], second.record);
    await node.publish(overlapping.messages);
    await node.settled();
    expect(units.calls).toEqual([1, 2, 3]);
    expect(await projected('units')).toEqual(rowsAfter([first, second]));
  });

  it('by two processes that start at once on one database', async () => {
    const broker = new MemoryBroker();
    const calls = [shownProjection('units'), shownProjection('units')];
    const nodes = calls.map((units) => follow({ projections: [units], validator: [first], broker }));
    await Promise.all(nodes.map((node) => node.start()));
    await nodes[0]!.publish([...second.messages, ...third.messages]);
    await Promise.all(nodes.map((node) => node.until(() => height(node) === TOP)));
    expect(await projected('units')).toEqual(rowsAfter(chain));
    // Who opens its tables later may find the first blocks there; from then on each receives every block.
    for (const { heard } of nodes) expect(heard).toEqual(HEIGHTS.slice(-heard.length));
  });
});

describe('what the lane does not bring is pulled', () => {
  it.each<[string, readonly Uint8Array[]]>([
    ['a run above a missing one', third.messages],
    ['the tail of a run', third.messages.slice(3)],
    ['a record alone', third.messages.slice(-1)],
    [
      'a run with an unreadable block',
      third.messages.map((message, i) => (i === 2 ? message.subarray(0, 50) : message)),
    ],
    ['a run that two of four certify', messagesOf(forged(third), 4)],
  ])('K7: after %s', async (_name, messages) => {
    const units = shownProjection('units');
    const validator: BuiltRun[] = [first];
    const node = follow({ projections: [units], validator });
    await node.start();
    expect(height(node)).toBe(1);
    validator.push(second, third);
    await node.publish(messages);
    await node.settled();
    expect(node.warnings).toHaveLength(1);
    expect(units.calls).toEqual(HEIGHTS);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('K7: what proves nothing changes no row, whoever sends it', async () => {
    const validator: BuiltRun[] = [{ ...first, messages: messagesOf(forged(first), 1) }];
    const node = follow({ projections: [shownProjection('units')], validator });
    await node.start();
    await node.publish([new Uint8Array(0), new Uint8Array([9]), ...messagesOf(forged(first), 1), ...third.messages]);
    await node.settled();
    expect(node.warnings.every((code) => code === 'QUORUM_MISSING' || code === 'GAP')).toBe(true);
    expect(await projected('units')).toEqual(rowsAfter([]));
    expect(await heightsOf(postgres)).toEqual({ units: 0 });
  });

  it('a validator that is away is asked again', async () => {
    let isAway = true;
    const node: Following = follow({
      projections: [shownProjection('units')],
      validator: chain,
      onPull: async () => {
        if (isAway) throw new Error('connection refused');
      },
    });
    await node.start();
    expect(height(node)).toBe(0);
    expect(node.follower.standing()).toMatchObject({ isCurrent: false, pullFailures: 1 });
    isAway = false;
    await node.until(() => height(node) === TOP);
    expect(node.warnings).toEqual(['pull failed']);
    await node.until(() => node.follower.standing().isCurrent);
    expect(node.follower.standing()).toMatchObject({ height: TOP, heard: TOP, blocksSinceStart: TOP });
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('K11: two heartbeats of silence are a lane that is behind', async () => {
    const validator: BuiltRun[] = [first];
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
    try {
      const node = follow({ projections: [shownProjection('units')], validator });
      await node.start();
      validator.push(second, third);
      jest.advanceTimersByTime(SILENCE_MS);
      await node.until(() => height(node) === TOP);
      await close(node);
    } finally {
      jest.useRealTimers();
    }
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });
});

describe('after a restart', () => {
  async function untilRun(runs: readonly BuiltRun[], ...names: readonly string[]): Promise<MemoryBroker> {
    const broker = new MemoryBroker();
    const node = follow({ projections: names.map((name) => shownProjection(name)), broker });
    await node.start();
    for (const { messages } of runs) await node.publish(messages);
    await node.settled();
    await close(node);
    return broker;
  }

  it('the lane is read on where it was left, whatever else is away', async () => {
    const broker = await untilRun([first, second], 'units');
    const units = shownProjection('units');
    const node: Following = follow({
      projections: [units],
      broker,
      onPull: async () => {
        throw new Error('connection refused');
      },
    });
    // Published while no one read.
    await node.publish(third.messages);
    await node.start();
    await node.until(() => height(node) === TOP);
    expect(node.starts).toEqual([String(first.messages.length + second.messages.length)]);
    expect(units.calls).toEqual([4, 5, 6]);
    expect(node.heard).toEqual([4, 5, 6]);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('a broker that lost its log brings old runs again', async () => {
    await untilRun(chain.slice(0, 2), 'units');
    const units = shownProjection('units');
    const node = follow({ projections: [units], validator: [first, second], broker: new MemoryBroker() });
    await node.publish([...second.messages.slice(2), ...second.messages.slice(0, 2)]);
    await node.start();
    await node.publish(third.messages);
    await node.settled();
    expect(units.calls).toEqual([4, 5, 6]);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });

  it('a projection added later catches up alone', async () => {
    await untilRun([first, second], 'units');
    const [units, events] = [shownProjection('units'), shownProjection('events')];
    const node = follow({ projections: [units, events], validator: chain });
    await node.start();
    expect([units.calls, events.calls]).toEqual([[4, 5, 6], HEIGHTS]);
    expect(await projected('units')).toEqual(rowsAfter(chain));
    expect(await projected('events')).toEqual(rowsAfter(chain));
    expect(await heightsOf(postgres)).toEqual({ units: TOP, events: TOP });
  });

  it('a projection with a new version is cleared and built anew, alone', async () => {
    await untilRun(chain, 'units', 'events');
    const [units, events] = [shownProjection('units', 2), shownProjection('events')];
    const node = follow({ projections: [units, events], validator: chain });
    await node.start();
    expect([units.calls, events.calls]).toEqual([HEIGHTS, []]);
    expect(await projected('units')).toEqual(rowsAfter(chain, 2));
    expect(await projected('events')).toEqual(rowsAfter(chain));
  });

  it('an old process beside the new version adds nothing to it', async () => {
    const broker = new MemoryBroker();
    const old = follow({ projections: [shownProjection('units', 1)], validator: [first, second], broker });
    await old.start();
    const young = follow({ projections: [shownProjection('units', 2)], validator: [first, second], broker });
    await young.start();
    await young.publish(third.messages);
    await Promise.all([old, young].map((node) => node.until(() => height(node) === TOP)));
    expect(await projected('units')).toEqual(rowsAfter(chain, 2));
  });

  it('L3.4: rows of another network are cleared', async () => {
    await untilRun(chain, 'units');
    const { hasher, verify } = NETWORK.trust;
    const network = orReject(pinNetwork({ ...GENESIS, time: GENESIS.time + 1 }, hasher, verify));
    const node = follow({ projections: [shownProjection('units')], validator: chain, network });
    await node.start();
    expect(node.warnings).toEqual(['NETWORK_WRONG']);
    expect(await projected('units')).toEqual(rowsAfter([], 1, network));
    expect(await heightsOf(postgres)).toEqual({ units: 0 });
  });
});

describe('when Postgres says no inside project()', () => {
  /** Fails in the last block of the second run, behind rows of two projections, while `isBroken`. */
  function failing() {
    const fault = { isBroken: true, times: 0, onFault: (): void => undefined };
    const after = async (sql: Sql, { block }: ProjectedBlock): Promise<void> => {
      if (!fault.isBroken || block.header.height !== 3) return;
      fault.times++;
      fault.onFault();
      await sql.query('SELECT 1 / 0');
    };
    return { fault, projections: [shownProjection('units'), shownProjection('events', 1, after)] };
  }

  it.each<[string, readonly (readonly Uint8Array[])[]]>([
    ['the run comes in one batch', [second.messages]],
    ['its record comes alone', [second.messages.slice(0, -1), second.messages.slice(-1)]],
  ])('rows and heights stay as they were, and the run is retried: %s', async (_name, batches) => {
    const { fault, projections } = failing();
    const validator: BuiltRun[] = [first];
    const node = follow({ projections, validator });
    await node.start();
    validator.push(second);
    for (const batch of batches.slice(0, -1)) {
      await node.publish(batch);
      await node.settled();
    }
    fault.onFault = node.look;
    await node.publish(batches.at(-1)!);
    await node.until(() => fault.times >= 2);
    expect(height(node)).toBe(1);
    expect(await heightsOf(postgres)).toEqual({ units: 1, events: 1 });
    expect(await projected('units')).toEqual(rowsAfter([first]));
    fault.isBroken = false;
    await node.until(() => height(node) === 3);
    for (const name of ['units', 'events']) expect(await projected(name)).toEqual(rowsAfter([first, second]));
    expect(node.heard).toEqual([1, 2, 3]);
  });

  it('a pulled run is retried as well, and what was pulled before it stays', async () => {
    const { fault, projections } = failing();
    const node = follow({ projections, validator: chain });
    await node.start();
    expect(node.warnings).toEqual(['pull failed']);
    expect(await heightsOf(postgres)).toEqual({ units: 1, events: 1 });
    fault.isBroken = false;
    await node.until(() => height(node) === TOP);
    for (const name of ['units', 'events']) expect(await projected(name)).toEqual(rowsAfter(chain));
    expect(node.heard).toEqual(HEIGHTS);
  });

  it('a connection that breaks in the middle costs nothing but a second try', async () => {
    let isWhole = true;
    const units = shownProjection('units', 1, async (sql, { block }) => {
      if (block.header.height !== 3 || !isWhole) return;
      isWhole = false;
      await sql.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    const node = follow({ projections: [units], validator: chain });
    await node.start();
    expect(units.calls).toEqual([1, 2, 3, 2, 3, 4, 5, 6]);
    expect(node.warnings).toEqual([]);
    expect(await projected('units')).toEqual(rowsAfter(chain));
  });
});

function forged({ raw, record }: BuiltRun) {
  return { ...raw, record: CHAIN.encodeRecord({ ...record, finalize: CHAIN.certify(record.finalize, [0, 1]) }) };
}
