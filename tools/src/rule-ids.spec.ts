import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { citedInComments, citedInTitles, inForce, specIds } from './rule-ids.js';
import { isTestCode, type Source } from './source-rules.js';
import { root, sourceOf, tracked } from './tracked.js';

const sources = tracked.filter((file) => file.endsWith('.ts') && !file.startsWith('tools/')).map(sourceOf);
const tests = sources.filter(({ path }) => isTestCode(path));
const code = sources.filter((source) => !tests.includes(source));

const [ledger, consensus, custody] = ['ledger', 'consensus', 'custody'].map((name) =>
  readFileSync(join(root, 'docs/spec', `${name}.md`), 'utf8'),
) as [string, string, string];
const rules = new Set([ledger, consensus, custody].flatMap((text) => [...specIds(text)]));
const families = new Set([...rules].map((id) => id[0]!));

/** Statements of the ledger that no code keeps: a reason, and what others can see. */
const NOTHING_TO_BUILD = ['L1.3', 'L2.9'];
/** Look like rules and are none: the shortest timeout of consensus; sets of other people's documents. */
const NO_RULES = ['T0', 'A4', 'A5', 'A6', 'A7', 'A8', 'A9'];
/** Rules not yet built: the specifications name those that are, each list shrinks with its issue. */
const NOT_YET = {
  consensus: ['K14', 'K15'],
  custody: [
    ...['T4', 'C7', 'C9', 'C10', 'C11', 'C12', 'C13', 'C14', 'C16', 'C17', 'C18', 'C20', 'C21', 'C22', 'C23'],
    ...['V4', 'A1', 'A2', 'A3'],
  ],
};

/** Of the ledger all single rules are in force; `L6` names a section, to be cited and not to be kept. */
const ledgerRules = [...specIds(ledger)].filter((id) => /^L(\d+\.\d+|0)$/.test(id));
const built = [...ledgerRules, ...inForce(consensus), ...inForce(custody)].filter(
  (id) => !NOTHING_TO_BUILD.includes(id),
);

const unknownIds = (all: readonly Source[]): readonly string[] =>
  all.flatMap((source) =>
    [...citedInComments(source), ...(isTestCode(source.path) ? citedInTitles(source) : [])]
      .filter((id) => families.has(id[0]!) && !rules.has(id) && !NO_RULES.includes(id))
      .map((id) => `${source.path}: ${id}`),
  );
const uncited = (ids: readonly string[], cited: readonly string[]): readonly string[] => {
  const known = new Set(cited);
  return ids.filter((id) => !known.has(id));
};

describe('rule ids, cited in both directions', () => {
  it('the specifications and the list of what is not built yet speak of the same rules', () => {
    const named = (text: string): readonly string[] => [...specIds(text)].filter((id) => !id.startsWith('I'));
    expect([...inForce(consensus), ...NOT_YET.consensus].sort()).toEqual([...named(consensus)].sort());
    expect([...inForce(custody), ...NOT_YET.custody].sort()).toEqual([...named(custody)].sort());
  });

  it('every rule in force is cited by code', () => {
    expect(uncited(built, code.flatMap(citedInComments))).toEqual([]);
  });

  it('every rule in force is cited by the title of a test', () => {
    expect(uncited(built, tests.flatMap(citedInTitles))).toEqual([]);
  });

  it('every id that is cited exists', () => {
    expect(unknownIds(sources)).toEqual([]);
  });

  it('canary: each would be reported', () => {
    const path = 'a.spec.ts';
    expect(unknownIds([{ path, text: '// K6: good\n// K99: lost (C77, L9.9)' }])).toEqual(
      ['K99', 'C77', 'L9.9'].map((id) => `a.spec.ts: ${id}`),
    );
    expect(unknownIds([{ path, text: `it('C99: nobody wrote this rule', () => 1)` }])).toEqual(['a.spec.ts: C99']);
    const text = `it('K8, K13: a', () => 1); describe('C19 recalling', () => 1); it('L7.2 c, L7.4: b', () => 1)`;
    expect(citedInTitles({ path, text })).toEqual(['K8', 'K13', 'C19', 'L7.2', 'L7.4']);
    expect(uncited(['K8', 'K9'], ['K8'])).toEqual(['K9']);
    expect(inForce('In force: S1 to S3, C15 and V1. Then K9.')).toEqual(['S1', 'S2', 'S3', 'C15', 'V1']);
  });
});
