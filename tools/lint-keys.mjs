// The key of a project's lint: a hash of all that its findings depend on. A project whose key is that of its last clean
// lint need not be linted again.
//
// Typed rules see the types of what a project imports, so its key holds the declarations (dist/**/*.d.ts) of every
// project it builds on, and not their sources: a change inside a function of core/custody lints custody alone, a change
// of a type that it exports lints what depends on it too. A key is therefore valid only right after a successful build.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependenciesOf } from './projects.mjs';

/** Files outside the projects that decide what is found. */
export const LINT_SETTINGS = [
  ...['eslint.config.mjs', 'tsconfig.lint.json', 'tsconfig.base.json', 'nx.json', 'package.json', 'package-lock.json'],
  ...['tools/arrows.mjs', 'tools/lint.mjs', 'tools/lint-keys.mjs', 'tools/projects.mjs'],
];

/** Returns the key of each project by its path. `version` is that of the Node which lints. */
export function lintKeys(root, projects, version) {
  const hash = (files) => {
    const sum = createHash('sha256');
    for (const file of files)
      sum
        .update(`${file}\n`)
        .update(readFileSync(join(root, file)))
        .update('\n');
    return sum.digest('hex');
  };
  const settings = hash(LINT_SETTINGS.filter((file) => existsSync(join(root, file))));
  const sources = new Map();
  const declarations = new Map();
  for (const { path } of projects) {
    const manifests = readdirSync(join(root, path)).filter((name) => /^(package|tsconfig.*)\.json$/.test(name));
    const fixed = manifests.sort().map((name) => `${path}/${name}`);
    sources.set(path, hash([...fixed, ...filesOf(root, path, /\.ts$/, ['dist', 'node_modules'])]));
    declarations.set(path, hash([...fixed, ...filesOf(root, `${path}/dist`, /\.d\.ts$/, [])]));
  }
  return new Map(
    projects.map(({ path }) => {
      const imported = [...dependenciesOf(projects, path)].sort().map((each) => `${each} ${declarations.get(each)}`);
      const all = [version, settings, sources.get(path), ...imported].join('\n');
      return [path, createHash('sha256').update(all).digest('hex')];
    }),
  );
}

function filesOf(root, folder, pattern, skipped) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !skipped.includes(name))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesOf(root, path, pattern, skipped);
      return pattern.test(entry.name) ? [path] : [];
    })
    .sort();
}
