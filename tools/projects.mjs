// The projects of the workspace, read from their files: a name, what they can run, what they build on.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Returns every project: `path` inside the checkout, `name`, `targets` of nx, `dependencies` as paths. */
export function projectsOf(root) {
  return pathsOf(root).map((path) => {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    const targets = manifest.nx?.targets ?? {};
    return { path, name: manifest.name, targets, dependencies: referencesOf(root, path) };
  });
}

function pathsOf(root) {
  const folders = (path) =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${path}/${entry.name}`);
  return [...folders('apps'), ...folders('libs').flatMap(folders), 'tools'].filter((path) =>
    existsSync(join(root, path, 'package.json')),
  );
}

/**
 * Returns the projects that a project refers to in its tsconfig files. The build enforces that these are all that it
 * imports, in specs too: a composite project cannot read a source that no reference leads to.
 */
function referencesOf(root, path) {
  const found = new Set();
  for (const file of readdirSync(join(root, path)).filter((name) => /^tsconfig.*\.json$/.test(name))) {
    const { references = [] } = JSON.parse(readFileSync(join(root, path, file), 'utf8'));
    for (const reference of references) {
      const target = posix.join(path, reference.path).replace(/\/tsconfig[^/]*\.json$/, '');
      if (target !== path) found.add(target);
    }
  }
  return [...found];
}

/** Returns the paths that a project builds on, directly and indirectly. */
export function dependenciesOf(projects, path, found = new Set()) {
  for (const next of projects.find((project) => project.path === path)?.dependencies ?? []) {
    if (found.has(next)) continue;
    found.add(next);
    dependenciesOf(projects, next, found);
  }
  return found;
}

/** Returns a project and those that build on it. */
export function withDependants(projects, path) {
  return projects.filter((each) => each.path === path || dependenciesOf(projects, each.path).has(path));
}
