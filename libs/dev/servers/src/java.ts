import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The oldest Java that Kafka 4 runs on. */
const OLDEST_JAVA = 17;

/** Returns whether Java runs the broker here: it is new enough, and the jars are here or Maven can fetch them. */
export function javaRunsKafka(root: string): boolean {
  return javaVersion() >= OLDEST_JAVA && (existsSync(completeNote(root)) || runs('mvn', '-v'));
}

export function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', env: process.env }).status === 0;
}

function javaVersion(): number {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8', env: process.env });
  const version = /version "(\d+)/.exec(stderr ?? '');
  return version === null ? 0 : Number(version[1]);
}

/** Folder of Kafka's jars under the repository's root. */
export function kafkaJars(root: string): string {
  return join(root, '.custos', 'kafka', 'lib');
}

function completeNote(root: string): string {
  return join(kafkaJars(root), '.complete');
}

/**
 * Fetches Kafka's jars by Maven (43 MB) unless they are here. A crash half way leaves a folder of another name, so
 * jars that are there are whole.
 */
export async function fetchKafka(root: string): Promise<void> {
  if (existsSync(completeNote(root))) return;
  const lib = kafkaJars(root);
  const partial = `${lib}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const pom = join(root, 'libs', 'dev', 'servers', 'kafka', 'pom.xml');
  const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies'];
  await finished('mvn', [...args, `-DoutputDirectory=${partial}`, '-DincludeScope=runtime']);
  writeFileSync(join(partial, '.complete'), '');
  rmSync(lib, { recursive: true, force: true });
  renameSync(partial, lib);
}

/** Runs a command to its end; throws a sentence with its output when it fails. */
export function finished(
  command: string,
  args: readonly string[],
  options: { readonly uid?: number } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const owner = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
    const child = spawn(command, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...owner });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command} failed:\n${output.trimEnd()}`)),
    );
  });
}

/** The repository's root, seen from a project's source or built file. */
export function repositoryRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'libs', 'dev', 'servers', 'kafka', 'pom.xml'))) return folder;
    if (folder === dirname(folder)) throw new Error(`${from} lies in no checkout of Custos`);
  }
}
