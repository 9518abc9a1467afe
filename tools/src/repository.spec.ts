import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const root = join(__dirname, '..', '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = tracked.filter((file) => file.endsWith('.ts') && !file.includes('/dist/'));
const production = sources.filter((file) => !/\.(spec|contract)\.ts$/.test(file));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const MAX_LINES = 400;
/** A decision table may be longer when its header says so. */
const LONG_TABLE = '// A table:';
/** Of files and folders; a declaration may say `base`, GS1's word for the lowest packaging level. */
const BANNED = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'base', 'manager', 'impl', 'data', 'info'];

/** `fooBarBaz` and `foo-bar.baz` as words; master data is GS1's own term. */
function words(name: string): readonly string[] {
  return name
    .replace(/master-?data/gi, 'Master')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());
}

/** Names that a file declares: what others will read. */
function declaredNames(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:const|let|function|class|interface|type)\s+([A-Za-z_$][\w$]*)/g)].map(
    (match) => match[1]!,
  );
}

describe('repository rules (CONTRIBUTING, House rules)', () => {
  it(`a source file has at most ${MAX_LINES} lines, unless its header says it is a table`, () => {
    const long = sources.filter((file) => {
      const text = read(file);
      return text.split('\n').length - 1 > MAX_LINES && !text.slice(0, 400).includes(LONG_TABLE);
    });
    expect(long).toEqual([]);
  });

  it('no file has a name that says nothing', () => {
    expect(sources.filter((file) => words(basename(file, '.ts')).some((word) => BANNED.includes(word)))).toEqual([]);
  });

  it('no declaration has a name that says nothing', () => {
    const bad = production.flatMap((file) =>
      declaredNames(read(file))
        .filter((name) => words(name).some((word) => word !== 'base' && BANNED.includes(word)))
        .map((name) => `${file}: ${name}`),
    );
    expect(bad).toEqual([]);
  });

  it('every project has a README', () => {
    const projects = tracked
      .filter((file) => file.endsWith('package.json') && file !== 'package.json')
      .map((file) => dirname(file));
    expect(projects.filter((project) => !existsSync(join(root, project, 'README.md')))).toEqual([]);
  });

  it('nothing is left for later in a comment', () => {
    const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
    expect(sources.filter((file) => marker.test(read(file)))).toEqual([]);
  });

  it('no test is switched off or alone', () => {
    const alone = /\b(?:it|test|describe)\.(?:only|skip|todo)\(|\b(?:xit|xdescribe|fit|fdescribe)\(/;
    expect(
      sources.filter(
        (file) => file.endsWith('.spec.ts') && file !== 'tools/src/repository.spec.ts' && alone.test(read(file)),
      ),
    ).toEqual([]);
  });

  it('the lock file names no host, and every dependency is pinned exactly', () => {
    expect(read('package-lock.json')).not.toContain('"resolved": "http');
    const loose = tracked
      .filter((file) => basename(file) === 'package.json')
      .flatMap((file) => {
        const {
          dependencies = {},
          devDependencies = {},
          optionalDependencies = {},
        } = JSON.parse(read(file)) as Record<string, Record<string, string>>;
        return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
          .filter(([, version]) => /^[\^~*><]|^latest$/.test(version))
          .map(([name, version]) => `${file}: ${name} ${version}`);
      });
    expect(loose).toEqual([]);
  });

  it('every project is compiled by the root build', () => {
    const referenced = (JSON.parse(read('tsconfig.json')) as { references: { path: string }[] }).references.map(
      ({ path }) => path.slice(2),
    );
    const projects = tracked
      .filter((file) => basename(file) === 'package.json' && file !== 'package.json')
      .map((file) => dirname(file));
    expect([...referenced].sort()).toEqual([...projects].sort());
  });
});
