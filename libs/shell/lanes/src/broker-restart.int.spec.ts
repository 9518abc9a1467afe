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
const BROKER_MS = 180_000;

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

test(
  'a broker that is killed and comes back loses nothing, and keeps the order of each lane',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'custos-restart-'));
    const port = await freePort();
    const brokers: Broker[] = [await startBroker(directory, port)];
    const clients: Lanes[] = [];
    const client = (clientId: string): Lanes => {
      const lanes = kafkaLanes({ brokers: [`127.0.0.1:${port}`], clientId });
      clients.push(lanes);
      return lanes;
    };
    try {
      const writer = client('writer');
      const lane = laneName('restart', 'tx', '4012345000009');
      await writer.ensure([{ lane, retentionMs: -1 }]);
      const seen = collector();
      await client('reader').subscribe('tx', [{ lane, from: 'beginning' }], seen.handler);

      let killed: Promise<void> | undefined;
      const flight: Promise<void>[] = [];
      for (let n = 0; n < MESSAGES; n++) {
        if (n === MESSAGES / 3) {
          const { pid } = brokers[0] as Broker;
          process.kill(pid, 'SIGKILL');
          killed = gone(pid)
            .then(() => expect(writer.health()).rejects.toThrow())
            .then(() => startBroker(directory, port))
            .then((again) => void brokers.push(again));
        }
        if (flight.length >= IN_FLIGHT) await flight.shift();
        flight.push(writer.publish(lane, [new TextEncoder().encode(String(n))]));
      }
      await Promise.all([killed, ...flight]);
      await writer.health();
      const numbers = (): readonly number[] =>
        seen.messages.map(({ value }) => Number(new TextDecoder().decode(value)));
      await seen.until(() => new Set(numbers()).size === MESSAGES);

      // First sights are in order and complete; what came twice is at most what was under way when the broker died.
      expect([...new Set(numbers())]).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
      expect(seen.messages.length - MESSAGES).toBeLessThanOrEqual(IN_FLIGHT);
      const positions = seen.messages.map(({ position }) => Number(position));
      expect(new Set(positions).size).toBe(positions.length);
    } finally {
      await Promise.all(clients.map((each) => each.close()));
      await Promise.all(brokers.map((broker) => broker.end()));
      rmSync(directory, { recursive: true, force: true });
    }
  },
  BROKER_MS,
);
