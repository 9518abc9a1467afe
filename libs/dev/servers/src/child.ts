import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';

/** Longest wait for a server that was told to stop, before it is killed. */
const STOP_MS = 15_000;
/** Longest wait for a server to answer after its start: a broker needs 40 s where ten others want the processor. */
const READY_MS = 120_000;
/** Pause between two looks at a port or a process. */
const LOOK_MS = 25;
/** Lines of a server's log that an error message shows. */
const TAIL_LINES = 12;

/** A server as a child process (or one that an earlier run left behind): how to reach it and how to end it. */
export interface Child {
  readonly pid: number;
  /** True until it has exited. */
  alive(): boolean;
  /** Ends it in order, and by force after 15 s. Resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when `probe` does; throws a sentence with the tail of the log when the process dies first. */
  ready(name: string, probe: () => Promise<void>): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Where its output goes: a file, not a pipe, so it may outlive a killed parent without dying of it. */
  readonly logFile: string;
  readonly uid?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly stopSignal: NodeJS.Signals;
}

/** Starts a server in a process group of its own: a Ctrl-C on the terminal reaches us alone, and we stop in order. */
export function startChild(options: ChildOptions): Child {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(options.command, options.args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: options.env ?? process.env,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  closeSync(log);
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  child.unref();
  const started = { pid: child.pid ?? -1, alive: () => failure === undefined && running(child) };
  return watch(started, options.logFile, options.stopSignal);
}

/** Takes over a server that an earlier run left behind. */
export function adoptChild(pid: number, logFile: string, stopSignal: NodeJS.Signals): Child {
  return watch({ pid, alive: () => processExists(pid) }, logFile, stopSignal);
}

/**
 * Ends the process that an earlier run noted in a file and left behind. The number may belong to another process by now:
 * only one with `mark` on its command line is ours.
 */
export async function endLeftover(pidFile: string, mark: string): Promise<void> {
  const pid = Number(readText(pidFile) ?? 0);
  if (pid === 0 || !processExists(pid) || !commandLine(pid)?.includes(mark)) return;
  await adoptChild(pid, pidFile, 'SIGTERM').stop();
}

function running(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function watch(
  process_: { readonly pid: number; alive(): boolean },
  logFile: string,
  stopSignal: NodeJS.Signals,
): Child {
  const { pid, alive } = process_;
  stopWithUs.add(process_);
  return {
    pid,
    alive,
    async stop(signal = stopSignal) {
      if (alive()) kill(pid, signal);
      for (const deadline = Date.now() + STOP_MS; alive(); await pause()) {
        if (Date.now() > deadline) kill(pid, 'SIGKILL');
      }
      stopWithUs.delete(process_);
    },
    async ready(name, probe) {
      for (const deadline = Date.now() + READY_MS; ; await pause()) {
        if (!alive()) throw new Error(`${name} stopped while starting; the end of ${logFile}:\n${tail(logFile)}`);
        try {
          return await probe();
        } catch (error) {
          if (Date.now() < deadline) continue;
          const why = error instanceof Error ? error.message : String(error);
          throw new Error(`${name} did not answer within ${READY_MS / 1000} s (${why}); its log is ${logFile}`, {
            cause: error,
          });
        }
      }
    },
  };
}

// ---- no server outlives us

const stopWithUs = new Set<{ readonly pid: number; alive(): boolean }>();

/** The last net: whatever ends this process in a way that Node sees also ends what it started. */
process.on('exit', () => {
  for (const { pid, alive } of stopWithUs) if (alive()) kill(pid, 'SIGTERM');
});

/**
 * Ends this process on a signal when no one else listens for it; who does listen stops in its own order and exits.
 * Node's default would end us without the net above.
 */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    if (process.listeners(signal).includes(exitIfAlone)) continue;
    process.on(signal, exitIfAlone);
  }
}

function exitIfAlone(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
}

/** Signals a process; one that is gone already is what we wanted. */
function kill(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 0) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Positions in `/proc/PID/stat` behind the name of the command (proc(5)). */
const [STATE, THREADS] = [0, 17];

/**
 * Reports whether the process runs; a zombie that no one waits for does not. Race: while a process ends, its first thread
 * is a zombie already and the others still hold its sockets, so a zombie with several threads runs.
 */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return true;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[STATE] !== 'Z' || Number(fields[THREADS]) > 1;
}

/** Returns the command line of a process: from Linux' own files, by `ps` elsewhere; undefined where there is neither. */
export function commandLine(pid: number): string | undefined {
  const line = readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
  if (line !== undefined || process.platform === 'linux') return line;
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout || undefined;
}

export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function tail(file: string): string {
  return (readText(file) ?? '').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}

// ---- ports

/** A loopback port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Resolves when somebody listens there, rejects when no one does. */
export function knock(port: number, host = '127.0.0.1'): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

/** Throws, with the way out, when something listens there already. */
export async function requireFree(name: string, port: number): Promise<void> {
  const taken = await knock(port).then(
    () => true,
    () => false,
  );
  if (taken) throw new Error(`${name} cannot start: port ${port} is taken; stop what listens there or choose another.`);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
