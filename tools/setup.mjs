// What a command needs before it can run, each step only when what it reads has changed. `node:` imports only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './installed.mjs';
import { at, pinnedNode, report, root, runOrThrow } from './processes.mjs';

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Custos needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

export function requireKafkaRuntime() {
  if (process.env.CUSTOS_KAFKA) return;
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = /version "(\d+)/.exec(java.stderr ?? '');
  const javaThere = java.status === 0 && version !== null && Number(version[1]) >= 17;
  const jarsThere = existsSync(at('.custos/kafka/lib/.complete'));
  const mavenThere = jarsThere || spawnSync('mvn', ['-v']).status === 0;
  if (javaThere && mavenThere) return;
  if (spawnSync('docker', ['version']).status === 0) return;
  throw new Error(
    'Kafka needs Java 17 or newer and Maven (apt-get install openjdk-17-jre-headless maven), ' +
      'or a running Docker engine, or a broker of yours in CUSTOS_KAFKA=host:port.',
  );
}

/** Installs the packages of the lock file. Returns the processor seconds it took; undefined when all was there. */
export async function install() {
  const note = at('node_modules/.custos-lock');
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  if (existsSync(note) && readFileSync(note, 'utf8') === lock) return undefined;
  if (isInstalled(root)) {
    writeFileSync(note, lock);
    return undefined;
  }
  report('installing packages');
  // npm runs on the Node that runs us, never on the pinned one, which it is about to delete.
  const npm = process.env.npm_execpath ?? 'npm';
  const [file, args] = npm.endsWith('.js') ? [process.env.npm_node_execpath ?? process.execPath, [npm]] : [npm, []];
  const processor = await runOrThrow(file, [...args, 'ci', '--loglevel=error'], { quiet: true, what: 'npm ci' });
  writeFileSync(note, lock);
  report('packages installed');
  return processor ?? 0;
}

/** Fetches the jars of Kafka with Maven. Returns the processor seconds it took; undefined when there was no need. */
export async function fetchKafka() {
  const lib = at('.custos/kafka/lib');
  const pom = at('libs/dev/servers/kafka/pom.xml');
  if (process.env.CUSTOS_KAFKA || existsSync(join(lib, '.complete')) || spawnSync('mvn', ['-v']).status !== 0)
    return undefined;
  report("fetching Kafka's jars");
  const partial = `${lib}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${partial}`, '-DincludeScope=runtime'];
  const processor = await runOrThrow('mvn', ['-q', '-B', '-f', pom, ...goal], { quiet: true, what: 'Maven' });
  rmSync(lib, { recursive: true, force: true });
  writeFileSync(join(partial, '.complete'), '');
  renameSync(partial, lib);
  report("Kafka's jars are here");
  return processor ?? 0;
}

/** Compiles what changed. Returns the processor seconds it took. */
export function build() {
  return runOrThrow(pinnedNode(), [at('node_modules/ts7/bin/tsc'), '-b', root], { what: 'the build' });
}
