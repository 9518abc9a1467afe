import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, open, readdir, readFile, rm, stat, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collector, lanesContract } from '../lanes.contract.js';
import { LanesClosed, LaneTaken, type Lanes } from '../lanes.js';
import { fileLanes } from './file-lanes.js';
import { encodeFrames, HEADER_BYTES } from './frames.js';
import { listSegments, segmentFile } from './segments.js';

const LANE = 'test.tx.4012345000009';
const RETENTION_MS = 3_600_000;
const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'custos-lanes-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Makes all that a lane holds older than any lane keeps. */
async function age(folder: string): Promise<void> {
  for (const first of (await listSegments(folder))!) await utimes(segmentFile(folder, first), 0, 0);
}

// A segment for each send, so that all of the contract happens while segments begin and end.
lanesContract('files', () => {
  const folder = newFolder();
  return {
    client: () => fileLanes({ folder, segmentBytes: 1 }),
    network: () => 'test',
    forget: (lane) => age(join(folder, lane)),
  };
});

describe('file lanes', () => {
  let folder: string;
  let lane: string;
  let log: string[];
  const clients: Lanes[] = [];
  const client = (segmentBytes?: number): Lanes => {
    const lanes = fileLanes({ folder, segmentBytes, log: (line) => void log.push(line) });
    clients.push(lanes);
    return lanes;
  };
  /** Reads a lane to its end, by a client that comes now. */
  const all = async (): Promise<readonly string[]> => {
    const reader = client();
    const last = await reader.last(LANE);
    if (last === undefined) return [];
    const seen = collector();
    await reader.subscribe('tx', [{ lane: LANE, from: 'beginning' }], seen.handler);
    await seen.until((messages) => messages.at(-1)?.position === last.position);
    return seen.messages.map(({ value }) => text(value));
  };
  beforeEach(() => {
    folder = newFolder();
    lane = join(folder, LANE);
    log = [];
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((each) => each.close()));
  });

  test('a live writer keeps its lane; a client that is closed gives it free', async () => {
    const [first, second] = [client(), client()];
    await first.publish(LANE, [bytes('a')]);
    await expect(second.publish(LANE, [bytes('b')])).rejects.toThrow(LaneTaken);
    await second.publish('test.tx.4023456000006', [bytes('b')]);
    await first.close();
    await second.publish(LANE, [bytes('b')]);
    expect(await all()).toEqual(['a', 'b']);
  });

  test('of several writers that begin at the same moment at most one gets the lane', async () => {
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => client().publish(LANE, [bytes('a')])));
    const won = results.filter(({ status }) => status === 'fulfilled').length;
    expect(won).toBeLessThanOrEqual(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(LaneTaken);
    expect(await all()).toHaveLength(won);
  });

  test('only their owner reads the files', async () => {
    const lanes = client();
    await lanes.ensure([{ lane: LANE, retentionMs: RETENTION_MS }]);
    await lanes.publish(LANE, [bytes('a')]);
    const modes = await Promise.all(
      [lane, ...(await readdir(lane)).map((name) => join(lane, name))].map(async (path) => (await stat(path)).mode),
    );
    expect(modes.filter((mode) => (mode & 0o077) !== 0)).toEqual([]);
    const names = (await readdir(lane)).filter((name) => !name.endsWith('.writer'));
    expect(names.sort()).toEqual(['0000000000000000.log', 'retention']);
  });

  test('a lane whose name is a path is refused at once', async () => {
    for (const name of ['../a', 'a/b', '..', '']) {
      await expect(client().publish(name, [bytes('a')])).rejects.toThrow(RangeError);
      await expect(client().ensure([{ lane: name, retentionMs: -1 }])).rejects.toThrow(RangeError);
    }
  });

  test('a frame that a crash tore at any byte is never delivered, and its writer cuts it', async () => {
    const first = client();
    await first.publish(LANE, ['a', 'b'].map(bytes));
    await first.close();
    const file = segmentFile(lane, 0);
    const whole = (await stat(file)).size;
    const torn = encodeFrames([bytes('torn')], 2);
    for (let length = 1; length < torn.length; length++) {
      await truncate(file, whole);
      await appendFile(file, torn.subarray(0, length));
      expect(await all()).toEqual(['a', 'b']);
    }
    const second = client();
    await second.publish(LANE, [bytes('c')]);
    expect(await all()).toEqual(['a', 'b', 'c']);
    expect(log).toEqual([`${lane}: cut ${torn.length - 1} bytes of a write that a crash tore`]);
  });

  test('a frame with a changed bit, of zeros, or of another place in the lane is not delivered', async () => {
    const first = client();
    await first.publish(LANE, [bytes('a')]);
    await first.close();
    const file = segmentFile(lane, 0);
    const frame = encodeFrames([bytes('b')], 1);
    const changed = Array.from({ length: frame.length }, (_, index) => {
      const copy = Buffer.from(frame);
      copy[index]! ^= 1;
      return copy;
    });
    for (const wrong of [...changed, Buffer.alloc(64), encodeFrames([bytes('b')], 2)]) {
      await truncate(file, HEADER_BYTES + 1);
      await appendFile(file, wrong);
      expect(await all()).toEqual(['a']);
    }
  });

  test('a reader that stands before a torn frame gets what its next writer puts there', async () => {
    const first = client();
    await first.publish(LANE, [bytes('a')]);
    await first.close();
    await appendFile(
      segmentFile(lane, 0),
      encodeFrames([bytes('torn, and longer than what follows')], 1).subarray(0, -1),
    );
    const seen = collector();
    await client().subscribe('tx', [{ lane: LANE, from: 'beginning' }], seen.handler);
    await seen.until((messages) => messages.length >= 1);
    await client().publish(LANE, [bytes('b')]);
    await seen.until((messages) => messages.length >= 2);
    expect(seen.messages.map(({ value }) => text(value))).toEqual(['a', 'b']);
  });

  test('a reader in a segment that is removed under it goes on at the oldest that is kept', async () => {
    const writer = client(1);
    await writer.ensure([{ lane: LANE, retentionMs: RETENTION_MS }]);
    await writer.publish(LANE, [bytes('a')]);
    const seen = collector();
    let goOn: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (goOn = resolve));
    let isHere: () => void = () => undefined;
    const here = new Promise<void>((resolve) => (isHere = resolve));
    await client().subscribe('tx', [{ lane: LANE, from: 'beginning' }], async (batch) => {
      isHere();
      await stopped;
      await seen.handler(batch);
    });
    await here;
    for (const each of ['b', 'c']) await writer.publish(LANE, [bytes(each)]);
    await age(lane);
    await writer.publish(LANE, [bytes('d')]);
    expect(await listSegments(lane)).toEqual([3]);
    goOn();
    await seen.until((messages) => messages.length >= 2);
    expect(seen.messages.map(({ value, position }) => [text(value), position])).toEqual([
      ['a', '1'],
      ['d', '4'],
    ]);
    expect(log).toEqual([`${LANE}: messages 1 to 2 are no longer there`]);
  });

  test('a lane without an end keeps all; the others keep their last segment', async () => {
    const writer = client(1);
    const forever = 'test.final.4012345000009';
    await writer.ensure([{ lane: forever, retentionMs: -1 }]);
    for (const each of ['a', 'b', 'c']) await writer.publish(forever, [bytes(each)]);
    await age(join(folder, forever));
    await writer.publish(forever, [bytes('d')]);
    expect(await listSegments(join(folder, forever))).toEqual([0, 1, 2, 3]);
    await writer.ensure([{ lane: LANE, retentionMs: RETENTION_MS }]);
    await writer.publish(LANE, [bytes('a')]);
    await age(lane);
    await writer.close();
    expect(await client().last(LANE)).toMatchObject({ value: bytes('a') });
  });

  test('retention is that of the first who made the lane, also for a writer that comes later', async () => {
    const reader = client();
    await reader.ensure([{ lane: LANE, retentionMs: RETENTION_MS }]);
    const writer = client(1);
    await writer.ensure([{ lane: LANE, retentionMs: -1 }]);
    expect(await readFile(join(lane, 'retention'), 'utf8')).toBe(String(RETENTION_MS));
    await writer.publish(LANE, [bytes('a')]);
    await age(lane);
    await writer.publish(LANE, [bytes('b')]);
    expect(await listSegments(lane)).toEqual([1]);
  });

  test('a lane that is removed under its writer is made anew, and its reader reads on', async () => {
    const writer = client();
    await writer.ensure([{ lane: LANE, retentionMs: RETENTION_MS }]);
    await writer.publish(LANE, ['a', 'b', 'c'].map(bytes));
    const seen = collector();
    await client().subscribe('tx', [{ lane: LANE, from: 'end' }], seen.handler);
    await rm(lane, { recursive: true });
    await writer.publish(LANE, [bytes('d')]);
    await seen.until((messages) => messages.length >= 1);
    expect(seen.messages.map(({ value, position }) => [text(value), position])).toEqual([['d', '1']]);
    expect(await readFile(join(lane, 'retention'), 'utf8')).toBe(String(RETENTION_MS));
  });

  test('health throws where the folder is not there; publish waits for it', async () => {
    await rm(folder, { recursive: true });
    await (await open(folder, 'w')).close();
    const lanes = client();
    const waiting = lanes.publish(LANE, [bytes('a')]);
    await expect(lanes.health()).rejects.toThrow('ENOTDIR');
    await rm(folder);
    await waiting;
    await lanes.health();
    expect(await all()).toEqual(['a']);
    await lanes.close();
    await expect(lanes.subscribe('tx', [], async () => undefined)).rejects.toThrow(LanesClosed);
  });
});
