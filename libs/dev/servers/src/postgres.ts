import { existsSync, mkdirSync, openSync, closeSync, chownSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import {
  adoptChild,
  commandLine,
  freePort,
  processExists,
  readText,
  requireFree,
  startChild,
  type Child,
} from './child.js';
import { finished } from './java.js';
import { postgresUser, reachableBinaries, reachableFolder } from './postgres-files.js';

/** A database server on this machine; anybody on loopback is its superuser. */
export interface PostgresServer {
  readonly url: string;
  readonly pid: number;
  /** Ends it in order; `stop('SIGKILL')` as a crash would. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface PostgresOptions {
  /** Folder of the npm package with the binaries, see `postgresPackage`. */
  readonly native: string;
  /** Where they are copied when the user that runs Postgres cannot reach them; the folder for temporary files if absent. */
  readonly copies?: string;
  /** Log and tables; the next start with it continues. */
  readonly directory: string;
  readonly port?: number;
  /** False: a crash of the machine may lose tables. For tests. */
  readonly durable: boolean;
}

const SUPERUSER = 'postgres';
const LOOPBACK_ONLY = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
/** Copies that root makes for the user that runs Postgres; this folder outlives a reboot. */
const SHARED = '/var/tmp';

/** Starts Postgres, or takes over the one that already runs on these tables. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { native, copies = tmpdir(), directory, port, durable } = options;
  const bin = reachableBinaries(native, copies);
  const cluster = reachableFolder(directory, SHARED);
  const log = join(directory, 'postgres.log');
  const running = runningOn(cluster);
  if (running !== undefined) {
    const child = adoptChild(running.pid, log, 'SIGINT');
    return ready(child, running.port);
  }
  const chosen = port ?? (await freePort());
  await requireFree('Postgres', chosen);
  if (!existsSync(join(cluster, 'PG_VERSION'))) await create(bin, cluster);
  ownLog(log);
  const child = startChild({
    command: join(bin, 'postgres'),
    args: ['-D', cluster, '-p', String(chosen), ...LOOPBACK_ONLY, ...postgresSettings(durable)],
    logFile: log,
    uid: postgresUser(),
    // SIGINT is Postgres' fast stop: it does not wait for clients to leave.
    stopSignal: 'SIGINT',
  });
  return ready(child, chosen);
}

async function ready(child: Child, port: number): Promise<PostgresServer> {
  const url = `postgres://${SUPERUSER}@127.0.0.1:${port}/postgres`;
  try {
    await child.ready('Postgres', async () => {
      const client = new Client(url);
      try {
        await client.connect();
      } finally {
        await client.end();
      }
    });
  } catch (error) {
    await child.stop('SIGQUIT');
    throw error;
  }
  return { url, pid: child.pid, stop: (signal) => child.stop(signal) };
}

/** Ends what an earlier run may have left on these tables, and forgets them. */
export async function resetPostgres(directory: string): Promise<void> {
  const cluster = reachableFolder(directory, SHARED);
  const running = runningOn(cluster);
  if (running !== undefined) await adoptChild(running.pid, join(directory, 'postgres.log'), 'SIGINT').stop();
  rmSync(dirname(cluster) === directory ? directory : dirname(cluster), { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
}

/** `postmaster.pid` names process and port in its first and fourth line; after a crash the process is another's. */
function runningOn(cluster: string): { readonly pid: number; readonly port: number } | undefined {
  const [pid, , , port] = (readText(join(cluster, 'postmaster.pid')) ?? '').split('\n').map(Number);
  if (!pid || !port || !processExists(pid)) return undefined;
  return commandLine(pid)?.includes('postgres') ? { pid, port } : undefined;
}

async function create(bin: string, cluster: string): Promise<void> {
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
  const args = ['-D', cluster, '-U', SUPERUSER, '-A', 'trust', '--no-sync', ...locale];
  await finished(join(bin, 'initdb'), args, { uid: postgresUser() });
}

/** Arguments of every Postgres of ours, whatever starts it. */
export function postgresSettings(durable: boolean): readonly string[] {
  // Ten services with small pools, and the tests beside them.
  const list = ['max_connections=200', ...(durable ? [] : ['fsync=off', 'full_page_writes=off'])];
  return list.flatMap((each) => ['-c', each]);
}

function ownLog(log: string): void {
  mkdirSync(dirname(log), { recursive: true });
  closeSync(openSync(log, 'a', 0o600));
  const user = postgresUser();
  if (user !== undefined) chownSync(log, user, user);
}
