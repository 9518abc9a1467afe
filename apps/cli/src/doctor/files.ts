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

/** Keys and tokens below a folder, and key files named one by one: readable by their owner alone. */
export function checkKeys(directory: string, files: readonly string[]): readonly Finding[] {
  const below = existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.key') || file.startsWith('tokens/'))
        .map((file) => join(directory, file))
        .filter((file) => statSync(file).isFile())
    : [];
  const all = [...below, ...files];
  const faults = all.flatMap(judgeKey);
  if (faults.length > 0) return faults;
  return [
    ok(
      'keys',
      all.length === 0 ? 'no key files yet' : `${all.length} files of keys and tokens are their owner's alone`,
    ),
  ];
}

function judgeKey(file: string): readonly Finding[] {
  if (!existsSync(file)) return [wrong('keys', `${file} is not there`, `custos key new --out ${file}, and enrol it`)];
  const mode = statSync(file).mode & 0o777;
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return [];
  return [wrong('keys', `${file} has mode ${mode.toString(8)}: others may read it`, `chmod 600 ${file}`)];
}
