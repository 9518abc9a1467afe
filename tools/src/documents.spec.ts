import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  absentNames,
  blocksOf,
  brokenLinks,
  exportedNames,
  pathsIn,
  wrongCommands,
  wrongSnippets,
  type Commands,
} from './documents.js';
import { snippetsOf, wrongTypes } from './snippets.js';
import type { Source } from './source-rules.js';
import { root, sourceOf, tracked } from './tracked.js';

const documents = tracked.filter((file) => file.endsWith('.md')).map(sourceOf);
const projects = tracked.filter((file) => basename(file) === 'package.json' && file !== 'package.json').map(dirname);

const run = (...args: readonly string[]): string =>
  execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
const help = run(join(root, 'tools/start.mjs'), 'help');
const scripts = (JSON.parse(sourceOf('package.json').text) as { scripts: Record<string, string> }).scripts;
const commands: Commands = {
  scripts: new Set(Object.keys(scripts)),
  custos: new Map(
    run(join(root, 'apps/cli/dist/main.js'), 'help')
      .trim()
      .split('\n')
      .map((line) => [line.split(' ')[1]!, line]),
  ),
};
const exports = new Map(
  projects
    .filter((project) => existsSync(join(root, project, 'src/index.ts')))
    .map((project) => [
      (JSON.parse(sourceOf(`${project}/package.json`).text) as { name: string }).name,
      exportedNames(sourceOf(`${project}/src/index.ts`)),
    ]),
);
function projectOf(path: string): string | undefined {
  const project = projects.find((each) => path.startsWith(`${each}/`));
  return project && (JSON.parse(sourceOf(`${project}/package.json`).text) as { name: string }).name;
}
const document = (text: string): Source => ({ path: 'x/bad.md', text });

describe('documents', () => {
  it('every project has a README with an example', () => {
    const without = projects.filter((project) => {
      const readme = `${project}/README.md`;
      return !existsSync(join(root, readme)) || blocksOf(sourceOf(readme)).length === 0;
    });
    expect(without).toEqual([]);
  });

  it('"Where do I change X?" names places that exist', () => {
    const places = pathsIn(sourceOf('ARCHITECTURE.md'), 'Where do I change X?');
    expect(places.length).toBeGreaterThan(25);
    expect(places.filter((place) => !existsSync(join(root, place)))).toEqual([]);
    const text = '\n## A\n`x/y.ts` `z`\n## B\n`u/v`\n';
    expect(pathsIn(document(text), 'A')).toEqual(['x/y.ts']);
  });

  it('what ARCHITECTURE says to be in a file is there', () => {
    const architecture = sourceOf('ARCHITECTURE.md');
    expect(absentNames(architecture, (path) => sourceOf(path).text)).toEqual([]);
    const wrong = document('its row in `ROWZ` of `libs/core/custody/src/law/rows.ts`');
    expect(absentNames(wrong, (path) => sourceOf(path).text)).toEqual([
      '`ROWZ` of `libs/core/custody/src/law/rows.ts`',
    ]);
    expect(architecture.text.match(/` of `/g)!.length).toBeGreaterThan(10);
  });

  it('the commands they show exist, with their options', () => {
    expect(documents.flatMap((each) => wrongCommands(each, commands))).toEqual([]);
  });

  it('the TypeScript they show parses, and imports what is exported', () => {
    expect(documents.flatMap((each) => wrongSnippets(each, exports))).toEqual([]);
  });

  it('the TypeScript they show is right: functions take what they are given, results have what is read of them', () => {
    const snippets = documents.flatMap((each) => snippetsOf(each, projectOf(each.path)));
    expect(snippets.length).toBeGreaterThan(20);
    expect(wrongTypes(root, snippets, exports)).toEqual([]);
  });

  it('their links lead somewhere', () => {
    expect(documents.flatMap((each) => brokenLinks(each, (file) => existsSync(join(root, file))))).toEqual([]);
  });

  it('every npm script goes through the one door and stands in npm run help', () => {
    expect(Object.entries(scripts).filter(([name, script]) => script !== `node tools/start.mjs ${name}`)).toEqual([]);
    expect(Object.keys(scripts).filter((name) => !new RegExp(`^npm run ${name} +\\S`, 'm').test(help))).toEqual([]);
    expect(help.trim().split('\n')).toHaveLength(Object.keys(scripts).length);
  });

  it('canary: each would be reported', () => {
    const block = (language: string, text: string): Source => document(`\`\`\`${language}\n${text}\n\`\`\`\n`);
    expect(wrongCommands(block('', 'npm run nothing'), commands)).toHaveLength(1);
    expect(wrongCommands(block('', 'npm run custos -- mint'), commands)).toEqual(['x/bad.md: no command custos mint']);
    expect(wrongCommands(block('sh', 'npm run custos -- key new --shout'), commands)).toHaveLength(1);
    expect(wrongCommands(document('use `custos doctor --loud` then'), commands)).toHaveLength(1);
    expect(wrongCommands(block('', 'npm run custos -- key new --out my.key'), commands)).toEqual([]);
    expect(wrongSnippets(block('ts', `import { nothing } from '@custos/core-bytes';`), exports)).toEqual([
      'x/bad.md: @custos/core-bytes has no nothing',
    ]);
    expect(wrongSnippets(block('ts', `import { a } from '@custos/nowhere';`), exports)).toHaveLength(1);
    expect(wrongSnippets(block('ts', 'const = 1;'), exports)).not.toEqual([]);
    const snippet = (text: string) => [{ path: 'x/bad.md', project: '@custos/core-bytes', text }];
    expect(wrongTypes(root, snippet('const text: string = toHex(bytes);'), exports)).toEqual([]);
    expect(wrongTypes(root, snippet('toHex(bytes).missing; toHex();'), exports)).toHaveLength(2);
    expect(brokenLinks(document('[a](../README.md) [b](lost.md#x)'), (file) => file === 'README.md')).toEqual([
      'x/bad.md: lost.md is not there',
    ]);
  });
});
