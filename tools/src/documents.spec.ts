import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { absentNames, absentPaths, blocksOf, brokenLinks, exportedNames, pathsIn, wrongSnippets } from './documents.js';
import { snippetsOf, wrongTypes } from './snippets.js';
import type { Source } from './source-rules.js';
import { root, sourceOf, tracked } from './tracked.js';

const documents = tracked.filter((file) => file.endsWith('.md')).map(sourceOf);
const projects = tracked.filter((file) => basename(file) === 'package.json' && file !== 'package.json').map(dirname);

const help = execFileSync(process.execPath, [join(root, 'tools/start.mjs'), 'help'], { encoding: 'utf8' });
const { scripts } = JSON.parse(sourceOf('package.json').text) as { scripts: Record<string, string> };
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

  it('the files and folders that a document for people names are there', () => {
    const named = [
      'SECURITY.md',
      'CONTRIBUTING.md',
      'README.md',
      ...tracked.filter((file) => /^docs\/guides\/.*\.md$/.test(file)),
    ];
    const absent = named.flatMap((path) => absentPaths(sourceOf(path), (place) => existsSync(join(root, place))));
    expect(absent).toEqual([]);
    const wrong = document('in `libs/shell/nowhere/x.ts`, as `apps/trace/src` does');
    expect(absentPaths(wrong, (place) => existsSync(join(root, place)))).toEqual(['x/bad.md: libs/shell/nowhere/x.ts']);
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
