import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerCase, excepted, type VectorCase } from './vectors.contract.js';
import { aiRows } from './dictionary.contract.js';
import { findAi, knownAis } from './index.js';

// Other people's cases, beside the repository. Absent on a stranger's machine: skipped there, never in CI.
const folder = join(__dirname, '../../../../../shared/data/gs1');
const present = existsSync(folder);

const casesOf = (file: string): readonly VectorCase[] =>
  readFileSync(join(folder, 'vectors', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as VectorCase);

it('finds the shared cases, or says that they are not here', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

(present ? describe : describe.skip)('GS1 cases of others', () => {
  it("holds GS1's Syntax Dictionary, AI by AI", () => {
    const theirs = aiRows(readFileSync(join(folder, 'gs1-syntax-dictionary.txt'), 'utf8'));
    expect(theirs.map(({ ai }) => findAi(ai))).toEqual(theirs);
    expect(knownAis()).toBe(theirs.length);
    expect(theirs.length).toBeGreaterThan(500);
  });

  it.each([
    'C1-digital-link-parse.jsonl',
    'C2-digital-link-generate.jsonl',
    'C3-ai-and-scan.jsonl',
    'C7-urn-digital-link.jsonl',
  ])('agrees with %s', (file) => {
    const cases = casesOf(file);
    const wrong = cases.flatMap((test) => {
      const ours = answerCase(test);
      const right =
        ours.ok === test.ok && (test.expected === null || JSON.stringify(ours.value) === JSON.stringify(test.expected));
      return right || excepted(test) !== undefined
        ? []
        : [{ id: test.id, input: test.input, expected: test.expected, ours }];
    });
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(10);
  });
});
