import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { containerAt, isPortProxy, proxyTarget } from './containers.js';
import { note, ok, wrong, type Finding } from './finding.js';
import type { Ask } from './versions.js';

const HOST = '127.0.0.1';
const KNOCK_MS = 2_000;
/** State of a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/** A port of the network, and what it is for. */
export interface WantedPort {
  readonly port: number;
  readonly use: string;
}

interface Holder {
  readonly pid: number;
  readonly command: string;
}

/**
 * Looks at each port: free, held by this network (`isOurs` says so of a command line), by a container, or by another
 * process.
 */
export async function checkPorts(
  wanted: readonly WantedPort[],
  isOurs: (command: string) => boolean,
  ask: Ask,
): Promise<readonly Finding[]> {
  const taken: Finding[] = [];
  let free = 0;
  for (const { port, use } of wanted) {
    if (await isFree(port)) {
      free++;
      continue;
    }
    const holder = holderOf(port);
    if (holder && isOurs(holder.command)) taken.push(ok('ports', `${port} (${use}): this network runs there`));
    else if (holder && !isPortProxy(holder.command)) taken.push(takenFinding(port, use, holder));
    else taken.push(containerFinding(port, use, holder, ask) ?? hiddenFinding(port, use));
  }
  return free === 0 ? taken : [ok('ports', `${free} of ${wanted.length} ports are free`), ...taken];
}

function takenFinding(port: number, use: string, holder: Holder): Finding {
  const fix = `stop process ${holder.pid}, or start the network with --port-base another`;
  return wrong('ports', `${port} (${use}) is taken by process ${holder.pid}: ${holder.command}`, fix);
}

/** A port that a container publishes; the process that holds it belongs to the engine, often to another account. */
function containerFinding(port: number, use: string, holder: Holder | undefined, ask: Ask): Finding | undefined {
  const container = containerAt(port, ask);
  const show = `"docker ps --filter publish=${port}" shows it`;
  if (container?.isOurs) {
    const fix = `${show}; "docker compose down" ends it, if the network is to run without containers`;
    return note('ports', `${port} (${use}) is published by the container ${container.name} of a Custos network`, fix);
  }
  if (container) {
    const fix = `${show}; stop that container ("docker stop ${container.name}"), or --port-base another`;
    return wrong('ports', `${port} (${use}) is published by the container ${container.name}`, fix);
  }
  if (!holder) return undefined;
  const fix = `${show}, or "docker compose ps" in its folder: stop that container, or --port-base another`;
  return wrong('ports', `${port} (${use}) is published by a container${proxyTarget(holder.command)}`, fix);
}

/** Another account's process, or a kernel that does not say. */
function hiddenFinding(port: number, use: string): Finding {
  const fix = `"lsof -i :${port}" as root shows the process; stop it, or --port-base another`;
  return wrong('ports', `${port} (${use}) is taken; by whom cannot be seen from here`, fix);
}

/** Whether somebody listens there. */
export function answersAt(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: KNOCK_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true)).once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

/** Who listens on a port of this machine, where the kernel tells (Linux). */
function holderOf(port: number): Holder | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeners(file, port));
  if (inodes.length === 0) return undefined;
  const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for (const pid of readdirSync('/proc').filter((name) => Number.isInteger(Number(name)))) {
    try {
      const sockets = readdirSync(`/proc/${pid}/fd`);
      if (!sockets.some((fd) => wanted.has(linkOf(`/proc/${pid}/fd/${fd}`)))) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return { pid: Number(pid), command };
    } catch {
      // It ended while we looked, or is somebody else's.
    }
  }
  return undefined;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Columns of /proc/net/tcp: number, local address, remote address, state, ... inode as the tenth. */
function listeners(file: string, port: number): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && local?.endsWith(`:${hex}`))
    .map((columns) => columns[9]!);
}

/** For a network that is not started yet: nothing to look at is fine. */
export function nothingThere(topic: 'kafka' | 'postgres', name: string): Finding {
  return note(topic, `${name}: none named and none running; the demo starts its own`);
}
