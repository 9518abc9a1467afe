import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aiRows } from '../testing/dictionary.js';
import { findAi, knownAis } from '../index.js';

// The file of GS1, beside the repository. Where it is absent the test is skipped, but never in CI.
const file = join(__dirname, '../../../../../../shared/data/gs1/gs1-syntax-dictionary.txt');
const present = existsSync(file);

it('finds the dictionary, or warns that it is absent', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

(present ? describe : describe.skip)("GS1's Syntax Dictionary", () => {
  it('equals AI_ROWS, AI by AI', () => {
    const theirs = aiRows(readFileSync(file, 'utf8'));
    expect(theirs.map(({ ai }) => findAi(ai))).toEqual(theirs);
    expect(knownAis()).toBe(theirs.length);
    expect(theirs.length).toBeGreaterThan(500);
  });
});
