// What a command needs before it can run, each step only when what it reads has changed. `node:` imports only.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countInstalled, isInstalled } from './installed.mjs';
import { at, pinnedNode, report, root, runOrThrow } from './processes.mjs';

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 5_000;

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Custos needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

/** @throws Error with the remedy when Kafka can neither be reached nor run here */
export function requireKafka() {
  if (process.env.CUSTOS_KAFKA || javaRunsKafka() || runs('docker', 'version')) return;
  throw new Error(
    'Kafka needs Java 17 or newer and Maven (apt-get install openjdk-17-jre-headless maven), ' +
      'or a running Docker engine, or a broker of yours in CUSTOS_KAFKA=host:port.',
  );
}

function javaRunsKafka() {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
  return version >= 17 && (existsSync(at('.custos/kafka/lib/.complete')) || runs('mvn', '-v'));
}

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/**
 * Installs the packages of the lock file unless all are here. Returns the processor seconds it took; undefined when there
 * was no need. A file says that an installation has begun: a crash leaves it.
 */
export async function install() {
  const begun = at('.custos/install-begun');
  if (!existsSync(begun) && isInstalled(root)) return undefined;
  const half = existsSync(begun) || existsSync(at('node_modules'));
  report(
    half ? 'the packages here are not those of the lock file, or not whole: installing anew' : 'installing packages',
  );
  mkdirSync(at('.custos'), { recursive: true });
  writeFileSync(begun, '');
  // npm runs on the Node that runs us, never on the pinned one, which it is about to delete.
  const npm = process.env.npm_execpath ?? 'npm';
  const [file, args] = npm.endsWith('.js') ? [process.env.npm_node_execpath ?? process.execPath, [npm]] : [npm, []];
  const processor = await withProgress(
    installProgress,
    runOrThrow(file, [...args, 'ci', '--loglevel=error'], { quiet: true, what: 'npm ci' }),
  );
  rmSync(begun);
  report('packages installed');
  return processor ?? 0;
}

/** Fetches the jars of Kafka with Maven. Returns the processor seconds it took; undefined when there was no need. */
export async function fetchKafka() {
  const lib = at('.custos/kafka/lib');
  const pom = at('libs/dev/servers/kafka/pom.xml');
  if (process.env.CUSTOS_KAFKA || process.env.CUSTOS_LANES === 'file') return undefined;
  if (existsSync(join(lib, '.complete')) || !javaRunsKafka()) return undefined;
  report("fetching Kafka's jars");
  const partial = `${lib}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${partial}`, '-DincludeScope=runtime'];
  const processor = await withProgress(
    () => "fetching Kafka's jars with Maven",
    runOrThrow('mvn', ['-q', '-B', '-f', pom, ...goal], { quiet: true, what: 'Maven' }),
  );
  rmSync(lib, { recursive: true, force: true });
  writeFileSync(join(partial, '.complete'), '');
  renameSync(partial, lib);
  report("Kafka's jars are here");
  return processor ?? 0;
}

/** npm first fetches for a while and unpacks then. */
function installProgress() {
  const { here, all } = countInstalled(root);
  return here === 0 ? 'installing packages: npm fetches them' : `installing packages: ${here} of ${all} are unpacked`;
}

/** Prints a line every few seconds until the work ends: a silent minute looks like a command that hangs. */
async function withProgress(line, work) {
  const timer = setInterval(() => report(line()), PROGRESS_MS);
  return work.finally(() => clearInterval(timer));
}

/** Compiles what changed. Returns the processor seconds it took. */
export function build() {
  return runOrThrow(pinnedNode(), [at('node_modules/ts7/bin/tsc'), '-b', root], { what: 'the build' });
}
