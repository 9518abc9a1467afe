import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { collector } from '../lanes.contract.js';
import { LaneTaken } from '../lanes.js';
import { fileLanes } from './file-lanes.js';

const SCRIPT = join(__dirname, '..', '..', 'dist', 'testing', 'file-writer.js');
const LANE = 'test.final.4012345000009';
/** Number of writers that are killed one after another. */
const KILLS = 8;
/** Durable batches of a writer before it is killed. */
const LINES = 12;

/** Starts a writer at a number, calls `meanwhile`, and kills it in the middle; returns the last durable number. */
async function killedWriter(folder: string, first: number, meanwhile: () => Promise<void>): Promise<number> {
  const child = spawn(process.execPath, [SCRIPT, folder, LANE, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const durable: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    durable.push(Number(line));
    if (durable.length === 1) await meanwhile();
    if (durable.length === LINES) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return durable.at(-1)!;
}

test('writers that are killed while they write lose nothing, repeat no position, and give the lane to the next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'custos-killed-'));
  const lanes = fileLanes({ folder });
  const seen = collector();
  await lanes.ensure([{ lane: LANE, retentionMs: -1 }]);
  await lanes.subscribe('final', [{ lane: LANE, from: 'beginning' }], seen.handler);
  const numbers = (): readonly number[] => seen.messages.map(({ value }) => Number(new TextDecoder().decode(value)));
  let next = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const durable = await killedWriter(folder, next, async () => {
      await expect(lanes.publish(LANE, [new Uint8Array(0)])).rejects.toThrow(LaneTaken);
    });
    await seen.until(() => numbers().includes(durable));
    // A write may be whole although its writer could not report it.
    const last = await lanes.last(LANE);
    await seen.until((messages) => messages.at(-1)?.position === last!.position);
    next = numbers().at(-1)! + 1;
  }
  expect(numbers()).toEqual(Array.from({ length: next }, (_, index) => index));
  expect(seen.messages.map(({ position }) => Number(position))).toEqual(
    Array.from({ length: next }, (_, index) => index + 1),
  );
  await lanes.publish(LANE, [new TextEncoder().encode(String(next))]);
  await seen.until(() => numbers().at(-1) === next);
  await lanes.close();
  rmSync(folder, { recursive: true, force: true });
});
