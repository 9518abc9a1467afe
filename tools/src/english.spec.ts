import { riddlesOf, sentencesOf, undocumentedExports, wordsToReplace } from './english.js';
import { isTestCode } from './source-rules.js';
import { sourceOf, tracked } from './tracked.js';

// What stands above zero here may only become less (tools/sizes.json); below the number noted, note the new one.
const allowed = JSON.parse(sourceOf('tools/sizes.json').text) as {
  readonly wordsToReplace: number;
  readonly docstringsWithoutVerb: number;
  readonly undocumentedExports: Readonly<Record<string, number>>;
};
const sources = tracked.filter((file) => file.endsWith('.ts') && !file.startsWith('tools/src/english')).map(sourceOf);
const documents = tracked.filter((file) => file.endsWith('.md')).map(sourceOf);

function expectAtMost(found: readonly string[], most: number): void {
  if (found.length > most) throw new Error(`${found.length} found, at most ${most} allowed:\n${found.join('\n')}`);
  expect(found.length).toBeLessThanOrEqual(most);
}

describe('plain technical English (STYLE)', () => {
  it('words that make a machine a person become fewer', () => {
    const inCode = sources.flatMap((source) =>
      sentencesOf(source).flatMap((text) => wordsToReplace(text).map((word) => `${source.path}: ${word}`)),
    );
    const inText = documents.flatMap(({ path, text }) => wordsToReplace(text).map((word) => `${path}: ${word}`));
    expectAtMost([...inCode, ...inText], allowed.wordsToReplace);
  });

  it('docstrings that begin with neither a verb nor a noun become fewer', () => {
    const found = sources.flatMap((source) => riddlesOf(source).map((text) => `${source.path}: ${text.slice(0, 60)}`));
    expectAtMost(found, allowed.docstringsWithoutVerb);
  });

  it.each(Object.entries(allowed.undocumentedExports))(
    'exports of %s without a docstring become fewer',
    (layer, most) => {
      const found = sources
        .filter(({ path }) => path.startsWith(`${layer}/`) && !isTestCode(path))
        .flatMap((source) => undocumentedExports(source).map((name) => `${source.path}: ${name}`));
      expectAtMost(found, most);
    },
  );

  it('canary: each would be reported', () => {
    expect(wordsToReplace('Nobody hears it; a kind word is told.')).toEqual(['Nobody', 'hears', 'told']);
    const text = [
      '/** What a reader sees. */',
      'export const a = 1;',
      '/** Returns one. */',
      'export function b() {}',
      'export interface C {}',
      'export const d = 2, e = 3; // told',
      "it('is heard', () => 1);",
      "const url = 'https://nobody.example';",
    ].join('\n');
    const source = { path: 'libs/core/x/src/x.ts', text };
    expect(riddlesOf(source)).toEqual(['What a reader sees. */']);
    expect(undocumentedExports(source)).toEqual(['C', 'd', 'e']);
    expect(sentencesOf(source).flatMap(wordsToReplace)).toEqual(['told', 'heard']);
  });
});
