import { MemoryBroker, memoryLanes } from '@custos/shell-lanes';
import type { Clock } from '@custos/shell-process';
import { LaneReaders, type LaneReaderParts } from './lane-readers.js';

const LANE = 'net.votes.2';
/** K18: above it reading takes as long as the absence lasted. */
const FAR = 1_001;

interface Scene {
  readonly readers: LaneReaders;
  readonly broker: MemoryBroker;
  readonly read: number[];
  readonly warnings: string[];
  /** Time passes, and what was to run by then runs. */
  pass(milliseconds: number): Promise<void>;
}

/** A reader of one other validator's votes, on the twin of the lanes; what is behind it stands still. */
function sceneOf(stored: ReadonlyMap<string, string>, delay: Promise<void> = Promise.resolve()): Scene {
  const broker = new MemoryBroker();
  const read: number[] = [];
  const warnings: string[] = [];
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const clock: Clock = {
    now: () => now,
    setTimer(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const parts = {
    network: { name: 'net', gln: '1', set: { entries: [{ gln: '1' }, { gln: '2' }] } },
    lanes: memoryLanes(broker),
    clock,
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (event: string) => void warnings.push(event),
      error: () => undefined,
    },
    receiver: {
      async votes(batch: readonly { readonly value: Uint8Array }[]) {
        await delay;
        for (const { value } of batch) read.push(new DataView(value.buffer).getUint32(0));
      },
      proposals: async () => undefined,
    },
    intake: { sources: () => [], positions: () => new Map(), take: async () => undefined },
    ownLane: { start: async () => undefined, close: () => undefined },
    stored,
    finalAt: () => 0,
  };
  return {
    readers: new LaneReaders(parts as unknown as LaneReaderParts),
    broker,
    read,
    warnings,
    async pass(milliseconds) {
      now += milliseconds;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.run();
      }
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    },
  };
}

async function publish(broker: MemoryBroker, count: number): Promise<void> {
  const first = broker.log(LANE).values.length;
  const messages = Array.from({ length: count }, (_, i) => {
    const value = new Uint8Array(4);
    new DataView(value.buffer).setUint32(0, first + i);
    return value;
  });
  await memoryLanes(broker).publish(LANE, messages);
}

describe('K18: lanes that are far behind', () => {
  it.each([
    ['a thousand records are read', FAR - 1, FAR - 1],
    ['one more is not: reading begins at the end, and pulls bring the rest', FAR, 0],
  ])('K18: after an absence %s', async (_what, missed, expected) => {
    const scene = sceneOf(new Map([[LANE, '0']]));
    await publish(scene.broker, missed);
    await scene.readers.start();
    await scene.pass(0);
    expect(scene.read).toHaveLength(expected);
    await publish(scene.broker, 1);
    await scene.pass(0);
    expect(scene.read.at(-1)).toBe(missed);
    await scene.readers.close();
  });

  it('K18: with nothing final for 30 s and far behind, reading goes on at the end, looked at once a minute', async () => {
    let goOn = (): void => undefined;
    const scene = sceneOf(new Map(), new Promise((resolve) => (goOn = resolve)));
    await publish(scene.broker, 1);
    await scene.readers.start();
    await scene.pass(0);
    goOn();
    await scene.pass(0);
    expect(scene.read).toEqual([0]);
    // A handler that takes very long: its lane runs away from it.
    (scene.readers as unknown as { positions: Map<string, string> }).positions.set(LANE, '1');
    const { values } = scene.broker.log(LANE);
    for (let i = 0; i < FAR + 1; i++) values.push(new Uint8Array(4));
    await scene.pass(59_999);
    expect(scene.warnings).toEqual([]);
    await scene.pass(1);
    expect(scene.warnings).toEqual(['lanes are far behind: reading goes on at their ends']);
    const before = scene.read.length;
    await publish(scene.broker, 1);
    await scene.pass(0);
    expect(scene.read.slice(before)).toEqual([FAR + 2]);
    await scene.readers.close();
  });
});
