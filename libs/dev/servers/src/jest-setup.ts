import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers, type Servers } from './servers.js';

let running: { readonly servers: Servers; readonly directory: string } | undefined;

/**
 * One broker and one Postgres for a run of jest, in a directory of its own that goes with them. Tests find them in
 * CUSTOS_KAFKA and CUSTOS_POSTGRES, which win when they are set already. Where there is no Kafka, CUSTOS_LANES is `file`:
 * networks run on files, and tests of Kafka itself are skipped. In CI that is a failure.
 */
export async function setUp(): Promise<void> {
  if (process.env['CUSTOS_KAFKA'] && process.env['CUSTOS_POSTGRES']) return;
  const directory = mkdtempSync(join(tmpdir(), 'custos-test-'));
  // Postgres runs as another user when we are root, and its tables shall go with this directory.
  chmodSync(directory, 0o755);
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const servers = await startServers({ directory, durable: false, requireKafka: Boolean(process.env['CI']) });
  running = { servers, directory };
  if (servers.lanes.startsWith('file:')) process.env['CUSTOS_LANES'] = 'file';
  else process.env['CUSTOS_KAFKA'] = servers.lanes;
  process.env['CUSTOS_POSTGRES'] = servers.postgres;
}

export async function tearDown(): Promise<void> {
  await running?.servers.stop();
  running = undefined;
}
