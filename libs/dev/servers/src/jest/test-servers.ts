import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers } from '../servers.js';

/** Servers for tests, and the environment variables by which tests find them. */
export interface TestServers {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts one broker and one Postgres in a directory of their own that goes with this process. Tests find them in
 * CUSTOS_KAFKA and CUSTOS_POSTGRES. Where there is no Kafka, CUSTOS_LANES is `file`: networks run on files, and tests of
 * Kafka itself are skipped. In CI that is a failure.
 */
export async function startTestServers(): Promise<TestServers> {
  const directory = mkdtempSync(join(tmpdir(), 'custos-test-'));
  // Postgres runs as another user when we are root, and its tables shall go with this directory.
  chmodSync(directory, 0o755);
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const requireKafka = Boolean(process.env['CI']);
  const { lanes, postgres, stop } = await startServers({ directory, durable: false, requireKafka });
  const found: Record<string, string> = lanes.startsWith('file:') ? { CUSTOS_LANES: 'file' } : { CUSTOS_KAFKA: lanes };
  return { env: { ...found, CUSTOS_POSTGRES: postgres }, stop };
}
