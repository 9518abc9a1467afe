// Where things are, and how a process is started: with the pinned Node, with signals passed on.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resetProcessorTime, takeProcessorTime } from './processor-time.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const at = (...parts) => join(root, ...parts);

export const started = Date.now();

/** Milliseconds between two looks at whether the parent process still runs. */
const PARENT_LOOK_MS = 500;

/** Prints a line with the seconds since the start. */
export function report(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${text}`);
}

/** Returns the Node that npm installed for this platform; the running one where there is none. */
export function pinnedNode() {
  const pinned = at('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(pinned) ? pinned : process.execPath;
}

/** Returns the version of the pinned Node. */
export function pinnedVersion() {
  return execFileSync(pinnedNode(), ['--version'], { encoding: 'utf8' }).trim();
}

/**
 * Runs a script on the pinned Node until it ends; signals reach it. Returns its exit `status` and the `processor`
 * seconds it took with its children. With `quiet`, what it prints is returned as `output` and not shown.
 */
export function runScript(args, { cwd = root, env = {}, quiet = false } = {}) {
  const node = pinnedNode();
  const path = dirname(node) + delimiter + at('node_modules/.bin') + delimiter + (process.env.PATH ?? '');
  const child = start(node, args, { cwd, env: { ...process.env, PATH: path, ...env }, quiet });
  const forward = (signal) => child.process.kill(signal);
  // A terminal sends Ctrl-C to the whole group: the child has it already, this process only outlives it.
  const ignore = () => undefined;
  process.on('SIGTERM', forward).on('SIGINT', ignore);
  const parentWatch = onParentEnd(() => forward('SIGTERM'));
  return child.ended.finally(() => {
    clearInterval(parentWatch);
    process.off('SIGTERM', forward).off('SIGINT', ignore);
  });
}

/**
 * Calls `act` once when the process that started this one has ended. `kill` of `npm run demo` ends npm and its shell,
 * and the shell passes no signal on: without this the network would live on. Only under npm: who starts this script
 * without it may leave it alone on purpose.
 */
function onParentEnd(act) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, PARENT_LOOK_MS);
  return watch;
}

/** Runs a set-up step and returns its processor seconds. A quiet one shows its output only when it fails. */
export async function runOrThrow(file, args, { quiet = false, what }) {
  const { status, output, processor } = await start(file, args, { cwd: root, env: process.env, quiet }).ended.catch(
    (error) => {
      throw new Error(`${what} could not start: ${error.message}`);
    },
  );
  if (status !== 0) throw new Error(`${output}\n${what} failed (exit ${status}).`);
  return processor;
}

function start(file, args, { cwd, env, quiet }) {
  resetProcessorTime();
  const child = spawn(file, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
  let output = '';
  let processor;
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => (processor = takeProcessorTime()));
    child.once('close', (code, signal) => {
      resolve({ status: code ?? (signal === 'SIGINT' ? 130 : 1), output, processor });
    });
  });
  return { process: child, ended };
}
