// The dependencies between the projects of the workspace. The imports in the sources are the one place that states them:
// `npm run fix` writes manifests, references of tsconfig files and the lock file from them, a test holds them equal.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectsOf } from './projects.mjs';

const SCOPE = '@custos/';
const IMPORT = /(?:from|import|resolve\()\s*\(?'(@custos\/[\w-]+)(?:\/[\w-]+)*'/g;

/** Returns the files whose text has to change, each with the text that it should have. */
export function innerDependencies(root) {
  // `tools` holds examples of imports as text, and imports no project.
  const projects = projectsOf(root).filter(({ path }) => path !== 'tools');
  const lock = readJson(root, 'package-lock.json');
  const wanted = new Map();
  for (const { path } of projects) {
    const { inLibrary, inSpecs } = importsOf(root, path, projects);
    const onlyInSpecs = inSpecs.filter((name) => !inLibrary.includes(name));
    for (const [file, text] of manifestOf(root, path, lock, inLibrary, onlyInSpecs)) wanted.set(file, text);
    for (const [part, names] of [
      ['lib', inLibrary],
      ['spec', inSpecs],
    ]) {
      const file = posix.join(path, `tsconfig.${part}.json`);
      if (existsSync(join(root, file))) wanted.set(file, referencesOf(root, file, path, names, projects));
    }
  }
  wanted.set('package-lock.json', textOf(lock));
  return [...wanted].filter(([file, text]) => textOf(readJson(root, file)) !== textOf(JSON.parse(text)));
}

/** Writes what {@link innerDependencies} found. */
export function writeInnerDependencies(root) {
  const changed = innerDependencies(root);
  for (const [file, text] of changed) writeFileSync(join(root, file), text);
  return changed.map(([file]) => file);
}

/** Returns the names of the projects that a project imports: in what it builds, and in its specs. */
function importsOf(root, path, projects) {
  const own = projects.find((project) => project.path === path).name;
  const built = new Set();
  const tested = new Set();
  const isBuilt = libraryFilter(root, path);
  for (const file of sourcesIn(join(root, path, 'src'))) {
    const found = isBuilt(file) ? built : tested;
    for (const [, name] of readFileSync(join(root, path, 'src', file), 'utf8').matchAll(IMPORT)) {
      if (name !== own && projects.some((project) => project.name === name)) found.add(name);
    }
  }
  return { inLibrary: [...built].sort(), inSpecs: [...tested].sort() };
}

function sourcesIn(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true })
    .map((file) => file.split('\\').join('/'))
    .filter((file) => /\.[mc]?ts$/.test(file));
}

/** The globs of `exclude` in tsconfig.lib.json are either a suffix of file names or a folder. */
function libraryFilter(root, path) {
  const file = join(root, path, 'tsconfig.lib.json');
  if (!existsSync(file)) return () => false;
  const { exclude = [] } = JSON.parse(readFileSync(file, 'utf8'));
  const tests = exclude.map((glob) => {
    const [, suffix] = /^src\/\*\*\/\*(\.[\w.]+)$/.exec(glob) ?? [];
    const [, folder] = /^src\/([\w-]+)\/\*\*(?:\/\*\.ts)?$/.exec(glob) ?? [];
    if (!suffix && !folder) throw new Error(`${path}: cannot read the glob ${glob}`);
    return (source) => (suffix ? source.endsWith(suffix) : source.startsWith(`${folder}/`));
  });
  return (source) => !tests.some((matches) => matches(source));
}

function manifestOf(root, path, lock, dependencies, devDependencies) {
  const file = posix.join(path, 'package.json');
  const manifest = readJson(root, file);
  const entry = lock.packages[path];
  for (const [kind, names] of Object.entries({ dependencies, devDependencies })) {
    for (const target of entry ? [manifest, entry] : [manifest]) setInner(target, kind, names);
  }
  return [[file, textOf(manifest)]];
}

function setInner(manifest, kind, names) {
  const others = Object.entries(manifest[kind] ?? {}).filter(([name]) => !name.startsWith(SCOPE));
  const inner = names.map((name) => [name, manifest.version ?? '0.1.0']);
  const all = [...inner, ...others].sort(([a], [b]) => (a < b ? -1 : 1));
  if (all.length === 0) delete manifest[kind];
  else manifest[kind] = Object.fromEntries(all);
}

function referencesOf(root, file, path, names, projects) {
  const config = readJson(root, file);
  const own = (config.references ?? []).filter((reference) => reference.path.startsWith('./'));
  const paths = names.map((name) => projects.find((project) => project.name === name).path);
  const up = '../'.repeat(path.split('/').length);
  config.references = [...own, ...paths.map((target) => ({ path: `${up}${target}/tsconfig.lib.json` }))];
  if (config.references.length === 0) delete config.references;
  return withShortLists(textOf(config));
}

function readJson(root, file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** As prettier lays a tsconfig file out: a list of words on one line. */
function withShortLists(text) {
  return text.replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (_, words) => `[${words.replace(/\n\s+/g, ' ')}]`);
}

function textOf(json) {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  for (const file of writeInnerDependencies(root)) console.log(`wrote ${file}`);
}
