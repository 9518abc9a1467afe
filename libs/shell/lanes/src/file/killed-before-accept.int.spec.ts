import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { collector } from '../lanes.contract.js';
import { fileLanes } from './file-lanes.js';

const LANE = 'test.final.4012345000009';
/** More than a reader waits between two looks for a writer. */
const LOOKED_MS = 600;

/** A writer that listens, shows itself and then takes no connection: readers wait in the queue of its socket. */
const DEAF_WRITER = `
  const { writeFileSync } = require('node:fs');
  const [address, file] = process.argv.slice(1);
  require('node:net').createServer().listen(address, () => {
    writeFileSync(file, address);
    process.stdout.write('ready\\n', () => { for (;;); });
  });`;

test('a writer that is killed before it took a reader (ECONNRESET) costs the reader nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'custos-deaf-'));
  const lane = join(folder, LANE);
  mkdirSync(lane);
  const child = spawn(process.execPath, ['-e', DEAF_WRITER, join(folder, 'deaf.sock'), join(lane, 'deaf.writer')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const lanes = fileLanes({ folder });
  const seen = collector();
  await lanes.subscribe('final', [{ lane: LANE, from: 'beginning' }], seen.handler);
  await pause(LOOKED_MS);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await lanes.publish(LANE, [new TextEncoder().encode('after')]);
  await seen.until((messages) => messages.length === 1);
  await lanes.close();
  rmSync(folder, { recursive: true, force: true });
});
