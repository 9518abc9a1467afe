import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { kafkaLanes } from './kafka-lanes.js';
import { collector } from './lanes.contract.js';
import { laneName, type Lanes } from './lanes.js';

const SCRIPT = join(__dirname, '..', '..', '..', 'dev', 'servers', 'dist', 'broker.js');
const MESSAGES = 1_500;
const IN_FLIGHT = 8;
/** A broker starts twice here, on a machine that may have better things to do. */
const BROKER_MS = 480_000;
/** On a machine without Kafka these are skipped, and counted. */
const withKafka = process.env['CUSTOS_KAFKA'] === undefined ? test.skip : test;

interface Broker {
  readonly address: string;
  readonly pid: number;
  end(): Promise<void>;
}

async function startBroker(directory: string, port: number): Promise<Broker> {
  const child: ChildProcess = spawn(process.execPath, [SCRIPT, directory, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await Promise.race([once(lines, 'line'), endsEarly(child)])) as [string];
  const end = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
  };
  return { ...(JSON.parse(line) as { address: string; pid: number }), end };
}

async function endsEarly(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`the broker ended with ${code} before it answered`);
}

/** Resolves when a killed process is gone, and its port with it. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await setImmediate();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

interface Scene {
  readonly lane: string;
  client(clientId: string, log?: (line: string) => void): Lanes;
  /** Resolves when the killed broker is gone. */
  kill(): Promise<void>;
  /** On what the killed one had on disk; `forgetful`: on nothing. */
  restart(forgetful?: boolean): Promise<void>;
}

/** A broker of its own, which may be killed, and clients of it; all of it ends with the work. */
async function withBroker(work: (scene: Scene) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'custos-restart-'));
  const port = await freePort();
  const brokers: Broker[] = [await startBroker(directory, port)];
  const clients: Lanes[] = [];
  try {
    await work({
      lane: laneName('restart', 'tx', '4012345000009'),
      client(clientId, log) {
        const lanes = kafkaLanes({ brokers: [`127.0.0.1:${port}`], clientId, log });
        clients.push(lanes);
        return lanes;
      },
      kill() {
        const { pid } = brokers[0] as Broker;
        process.kill(pid, 'SIGKILL');
        return gone(pid);
      },
      async restart(forgetful = false) {
        if (forgetful) rmSync(join(directory, 'log'), { recursive: true });
        brokers.push(await startBroker(directory, port));
      },
    });
  } finally {
    await Promise.all(clients.map((each) => each.close()));
    await Promise.all(brokers.map((broker) => broker.end()));
    rmSync(directory, { recursive: true, force: true });
  }
}

withKafka(
  'a broker that is killed and comes back loses nothing, and keeps the order of each lane',
  () =>
    withBroker(async ({ lane, client, kill, restart }) => {
      const writer = client('writer');
      await writer.ensure([{ lane, retentionMs: -1 }]);
      const seen = collector();
      await client('reader').subscribe('tx', [{ lane, from: 'beginning' }], seen.handler);

      let killed: Promise<void> | undefined;
      const acknowledged = new Set<number>();
      let before: ReadonlySet<number> = new Set();
      const flight: Promise<void>[] = [];
      for (let n = 0; n < MESSAGES; n++) {
        if (n === MESSAGES / 3) {
          before = new Set(acknowledged);
          killed = kill()
            .then(() => expect(writer.health()).rejects.toThrow())
            .then(() => restart());
        }
        if (flight.length >= IN_FLIGHT) await flight.shift();
        const published = writer.publish(lane, [new TextEncoder().encode(String(n))]);
        flight.push(published.then(() => void acknowledged.add(n)));
      }
      await Promise.all([killed, ...flight]);
      await writer.health();
      const numbers = (): readonly number[] =>
        seen.messages.map(({ value }) => Number(new TextDecoder().decode(value)));
      await seen.until(() => new Set(numbers()).size === MESSAGES);

      // First sights are in order and complete; nothing comes twice that was acknowledged before the broker died.
      expect([...new Set(numbers())]).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
      expect(before.size).toBeGreaterThan(0);
      const twice = numbers().filter((n, i, all) => all.indexOf(n) !== i);
      expect(twice.filter((n) => before.has(n))).toEqual([]);
      const positions = seen.messages.map(({ position }) => Number(position));
      expect(new Set(positions).size).toBe(positions.length);
    }),
  BROKER_MS,
);

withKafka(
  'absence 3: a broker that comes back without its log gets the lanes again from who writes them, and is read on',
  () =>
    withBroker(async ({ lane, client, kill, restart }) => {
      const lanes = ['tx', 'votes', 'final'].map((kind) => lane.replace('tx', kind));
      const [writer, other] = [client('writer'), client('other')];
      const [mine, also, others] = lanes as [string, string, string];
      await writer.ensure([mine, also].map((each) => ({ lane: each, retentionMs: -1 })));
      await other.ensure([{ lane: others, retentionMs: -1 }]);
      const seen = collector();
      const sources = lanes.map((each) => ({ lane: each, from: 'beginning' }) as const);
      let sayLost = (): void => undefined;
      const lost = new Promise<void>((resolve) => (sayLost = resolve));
      const reader = client('reader', (line) => (line.startsWith('the broker lost') ? sayLost() : undefined));
      await reader.subscribe('tx', sources, seen.handler);
      // Once or twice: who publishes may have to say it again.
      const values = () => [...new Set(seen.messages.map(({ value }) => value[0]!))].sort();
      for (const [i, each] of lanes.entries()) {
        const from = each === others ? other : writer;
        // Who has asked for the end of a lane must be able to make his own while that one is gone.
        await from.last(others);
        await from.publish(each, [Uint8Array.of(i)]);
      }
      await seen.until(() => values().length === 3);

      await kill();
      await restart(true);
      // A reader that finds lanes made anew before it missed them reads on behind as many messages as it had.
      await lost;
      // The third writer is dead: no one makes his lane, and the others are read all the same.
      await writer.publish(mine, [Uint8Array.of(3)]);
      await writer.publish(also, [Uint8Array.of(4)]);
      await seen.until(() => values().length === 5);
      await other.publish(others, [Uint8Array.of(5)]);
      await seen.until(() => values().length === 6);
      expect(values()).toEqual([0, 1, 2, 3, 4, 5]);
      expect((await writer.last(mine))?.value).toEqual(Uint8Array.of(3));
    }),
  BROKER_MS,
);
