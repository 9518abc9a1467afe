import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok, note, wrong, type Finding } from './finding.js';

const GIB = 1024 ** 3;
/** Below it Postgres and Kafka stop in the middle of a write before long. */
const LEAST_BYTES = GIB;
const COMFORT_BYTES = 5 * GIB;
const OTHERS = 0o077;

export function checkDisk(directory: string): readonly Finding[] {
  let at = directory;
  while (!existsSync(at)) at = dirname(at);
  const { bavail, bsize } = statfsSync(at);
  return [judgeDisk(at, bavail * bsize)];
}

export function judgeDisk(at: string, bytes: number): Finding {
  const text = `${(bytes / GIB).toFixed(1)} GiB are free at ${at}`;
  if (bytes < LEAST_BYTES) return wrong('disk', text, 'free some; chain, broker and databases stop when it is full');
  return bytes < COMFORT_BYTES ? note('disk', text, 'a busy network writes a GiB an hour') : ok('disk', text);
}

/** Files that only their owner may read, besides those below the folder. */
export interface PrivateFiles {
  readonly keys: readonly string[];
  /** Tokens, and the address of a database with its password. */
  readonly others: readonly string[];
}

/** Checks that keys and tokens below a folder, and files named one by one, are readable by their owner alone. */
export function checkKeys(directory: string, { keys, others }: PrivateFiles): readonly Finding[] {
  const below = existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.key') || file.startsWith('tokens/'))
        .map((file) => join(directory, file))
        .filter((file) => statSync(file).isFile())
    : [];
  const faults = [
    ...below.flatMap(judgeMode),
    ...keys.flatMap((file) => judgeFile(file, `custos key new --out ${file}, and enrol it`)),
    ...others.flatMap((file) =>
      judgeFile(file, 'make it with mode 600; docs/guides/run-a-member.md says what it holds'),
    ),
  ];
  if (faults.length > 0) return faults;
  const count = below.length + keys.length + others.length;
  return [ok('keys', count === 0 ? 'no key files yet' : `${count} files of keys and tokens are their owner's alone`)];
}

function judgeFile(file: string, fix: string): readonly Finding[] {
  return existsSync(file) ? judgeMode(file) : [wrong('keys', `${file} is not there`, fix)];
}

function judgeMode(file: string): readonly Finding[] {
  const mode = statSync(file).mode & 0o777;
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return [];
  return [wrong('keys', `${file} has mode ${mode.toString(8)}: others may read it`, `chmod 600 ${file}`)];
}
