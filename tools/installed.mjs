// Finds out whether the packages of the lock file are here, whoever called npm.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns whether npm's own record, its unpacked packages, and the lock file agree. Optional packages may be of other platforms. */
export function isInstalled(root) {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { packages: installed } = JSON.parse(readFileSync(record, 'utf8'));
  return Object.entries(locked).every(([path, { version, integrity, link, optional }]) => {
    if (!path.includes('node_modules/') || link) return true;
    const here = installed[path];
    if (here === undefined) return optional === true;
    return here.version === version && here.integrity === integrity && existsSync(join(root, path, 'package.json'));
  });
}

/** Returns how many packages that every platform needs are unpacked here, and how many there are in all. */
export function countInstalled(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const paths = Object.entries(packages)
    .filter(([path, { link, optional }]) => path.includes('node_modules/') && !link && !optional)
    .map(([path]) => path);
  return { here: paths.filter((path) => existsSync(join(root, path, 'package.json'))).length, all: paths.length };
}
