// `npm run new:lib -- core/rules`: makes a room of the house that compiles, is linted and has its arrow. What only a
// person can say (README, which room may import it) is named at the end.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeInnerDependencies } from './inner-dependencies.mjs';

const LAYERS = ['core', 'formats', 'shell', 'node'];
/** Layers that run in a browser: no types of Node. */
const PURE = ['core', 'formats'];

/** Makes `libs/<layer>/<name>`. Returns what is left to do. @throws Error for a name that is taken or not of a layer. */
export function newLibrary(root, place = '') {
  const [, layer, name] = /^([a-z]+)\/([a-z][a-z-]*[a-z])$/.exec(place) ?? [];
  if (!LAYERS.includes(layer)) throw new Error(`say LAYER/NAME, such as core/rules; layers: ${LAYERS.join(', ')}`);
  const path = `libs/${layer}/${name}`;
  if (existsSync(join(root, path))) throw new Error(`${path} is there already`);
  mkdirSync(join(root, path, 'src'), { recursive: true });
  const write = (file, content) => writeFileSync(join(root, path, file), content);
  write('package.json', json(manifestOf(layer, name)));
  write(
    'tsconfig.json',
    json({ files: [], references: ['lib', 'spec'].map((part) => ({ path: `./tsconfig.${part}.json` })) }),
  );
  write('tsconfig.lib.json', json(libraryConfig(layer)));
  write('tsconfig.spec.json', json(SPEC_CONFIG));
  write('src/index.ts', 'export {};\n');
  const todo = ['README.md: what it does, why it is a room of its own, what it refuses, an example'];
  register(root, path, layer, name);
  todo.push(
    layer === 'core' ? `tools/arrows.mjs: what ${name} imports, and who imports it` : `ARCHITECTURE.md, "The house"`,
  );
  writeInnerDependencies(root);
  return todo;
}

function manifestOf(layer, name) {
  return {
    name: `@custos/${layer}-${name}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    description: '',
    license: 'Apache-2.0',
    exports: {
      '.': { '@custos/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    },
    nx: { tags: [`layer:${layer}`, `${layer}:${name}`], targets: { test: {} } },
  };
}

function libraryConfig(layer) {
  const types = PURE.includes(layer) ? { lib: ['ES2023'], types: [] } : { types: ['node'] };
  return {
    extends: '../../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/lib.tsbuildinfo', ...types },
    include: ['src/**/*.ts'],
    exclude: ['src/**/*.spec.ts', 'src/**/*.contract.ts'],
  };
}

const SPEC_CONFIG = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    rootDir: 'src',
    noEmit: true,
    tsBuildInfoFile: 'dist/spec.tsbuildinfo',
    types: ['node', 'jest'],
  },
  include: ['src/**/*.spec.ts', 'src/**/*.contract.ts'],
  references: [{ path: './tsconfig.lib.json' }],
};

/** The root build, the lock file, the link that npm would make, the table of arrows. */
function register(root, path, layer, name) {
  change(root, 'tsconfig.json', (config) => config.references.push({ path: `./${path}` }));
  change(root, 'package-lock.json', ({ packages }) => {
    const full = `@custos/${layer}-${name}`;
    packages[path] = { name: full, version: '0.1.0', license: 'Apache-2.0' };
    packages[`node_modules/${full}`] = { resolved: path, link: true };
    sortMembers(packages);
  });
  const link = join(root, 'node_modules/@custos', `${layer}-${name}`);
  if (existsSync(dirname(link))) symlinkSync(`../../${path}`, link);
  if (layer !== 'core') return;
  const arrows = join(root, 'tools/arrows.mjs');
  const text = readFileSync(arrows, 'utf8');
  const room = name.includes('-') ? `'${name}'` : name;
  writeFileSync(arrows, text.replace('export const CORE = {\n', `export const CORE = {\n  ${room}: ['bytes'],\n`));
}

function change(root, file, mutate) {
  const document = JSON.parse(readFileSync(join(root, file), 'utf8'));
  mutate(document);
  writeFileSync(join(root, file), json(document));
}

// As npm sorts them, so that its next run changes nothing else.
function sortMembers(object) {
  const members = Object.entries(object).sort(([a], [b]) => a.localeCompare(b, 'en'));
  for (const [name] of members) delete object[name];
  Object.assign(object, Object.fromEntries(members));
}

function json(document) {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
