import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One project of the checkout: its folder, and those of the house it rests on. */
export interface Project {
  readonly name: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
}

/** All apps and libs with sources. */
export function readProjects(root: string): readonly Project[] {
  const folders = [...childrenOf(join(root, 'apps')), ...childrenOf(join(root, 'libs')).flatMap(childrenOf)];
  return folders
    .filter((folder) => existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'src')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name: string;
        dependencies?: Record<string, string>;
      };
      return { name: manifest.name, folder, dependencies: Object.keys(manifest.dependencies ?? {}) };
    });
}

function childrenOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
}

/** What a project runs: a hash of its build. A comment of a test, or a type alone, changes nothing there. */
export function fingerprint({ folder }: Project): string {
  const dist = join(folder, 'dist');
  const hash = createHash('sha256');
  if (!existsSync(dist)) return '';
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(dist, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Names of the projects that rest on one of these, with these themselves. */
export function affectedBy(projects: readonly Project[], changed: readonly string[]): ReadonlySet<string> {
  const affected = new Set(changed);
  for (let grown = true; grown;) {
    grown = false;
    for (const { name, dependencies } of projects) {
      if (affected.has(name) || !dependencies.some((dependency) => affected.has(dependency))) continue;
      affected.add(name);
      grown = true;
    }
  }
  return affected;
}
