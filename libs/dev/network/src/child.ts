import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { endLeftover, requireFree } from '@custos/dev-servers';
import { NODE_FLAGS } from './processes.js';

/** A child that got SIGTERM and has not ended after this time gets SIGKILL. */
const STOP_LIMIT_MS = 10_000;
/** How long a process may take until it answers that it is ready. */
const READY_LIMIT_MS = 120_000;
const POLL_MS = 50;
const LOG_TAIL_LINES = 15;

export interface ChildSpec {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Holds its process id while it runs: a start finds by it what a killed run left behind. */
  readonly pidFile: string;
  readonly port: number;
  /** Answers 200 once the process is ready for work. */
  readonly readyUrl: string;
}

/** One process of the network, which can be killed and started again. */
export interface Child {
  readonly name: string;
  readonly pid: number | undefined;
  /** Resolves when it is ready; throws with the end of its log when it ends or takes too long. */
  start(): Promise<void>;
  /** SIGTERM; resolves with the exit status, undefined when it did not run, null when it had to be killed. */
  stop(): Promise<number | null | undefined>;
  /** SIGKILL: no time to say goodbye. */
  kill(): Promise<void>;
}

// The last net: they are detached, so whatever ends this process in a way that Node sees ends them too.
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGTERM');
});

export function childProcess(spec: ChildSpec): Child {
  let running: ChildProcess | undefined;
  const ended = (child: ChildProcess) =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('exit', () => resolve());
    });
  return {
    name: spec.name,
    get pid() {
      return running?.pid;
    },
    async start() {
      await endLeftover(spec.pidFile, spec.script);
      // Else whoever listens there would answer in its place.
      await requireFree(spec.name, spec.port);
      running = launch(spec);
      await untilReady(spec, running);
    },
    async stop() {
      const child = running;
      if (!child) return undefined;
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended(child);
      clearTimeout(impatience);
      running = undefined;
      return child.exitCode;
    },
    async kill() {
      const child = running;
      if (!child) return;
      child.kill('SIGKILL');
      await ended(child);
      running = undefined;
    },
  };
}

function launch(spec: ChildSpec): ChildProcess {
  const log = openSync(spec.logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...NODE_FLAGS, spec.script], {
    // Not the terminal's group: Ctrl-C reaches us, and we stop the others in order.
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...spec.env },
  });
  closeSync(log);
  alive.add(child);
  writeFileSync(spec.pidFile, String(child.pid));
  child.once('exit', () => alive.delete(child));
  return child;
}

async function untilReady(spec: ChildSpec, child: ChildProcess): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline) {
    if (failure) throw failure;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${spec.name} ended at once:\n${logTail(spec)}`);
    if (await answers(spec.readyUrl)) return;
    await pause(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`${spec.name} was not ready after ${READY_LIMIT_MS / 1000} s:\n${logTail(spec)}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

function logTail({ logFile }: ChildSpec): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n') + `\n(${logFile})`;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
