import { join } from 'node:path';
import type { Json } from '@custos/core-bytes';
import {
  hasCorpus,
  openCorpus,
  reportLines,
  runSuites,
  SUITES,
  type Corpus,
  type Entry,
  type Expectation,
  type Suite,
} from './index.js';

// Other people's cases, beside the repository. Absent on a stranger's machine: skipped there, never in CI.
const folder = join(__dirname, '../../../../../shared/data');
const present = hasCorpus(folder);

it('finds the shared cases, or says that they are not here', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

(present ? describe : describe.skip)('the public suites, on the core', () => {
  it.each(SUITES)('$name: $about', async (suite) => {
    const corpus = openCorpus(folder);
    const [report] = await runSuites([suite], corpus, undefined, () => undefined);
    expect(report?.wrong).toEqual([]);
    const { accepted = 0, refused = 0, excepted = [], skipped = [] } = report ?? {};
    expect(accepted + refused + excepted.length + skipped.length).toBeGreaterThan(0);
  });
});

describe('a report', () => {
  const event = { type: 'ObjectEvent', eventTime: '2026-05-04T10:20:30Z', eventTimeZoneOffset: '+00:00' };
  const good: Json = { '@context': {}, ...event, action: 'OBSERVE', epcList: [] };
  const files: Readonly<Record<string, Json>> = { good, bad: { ...good, action: 'MOVE' } };
  const corpusOf = (...cases: readonly Omit<Entry, 'suite'>[]): Corpus => ({
    entries: cases.map((entry) => ({ suite: 'A1', do: 'capture', ...entry })),
    text: () => '',
    json: (file) => ({ ok: true, value: files[file] ?? null }),
  });
  const [a1] = SUITES as readonly [Suite];
  const run = async (corpus: Corpus) => (await runSuites([a1], corpus, undefined, () => undefined))[0]!;

  it('counts what is right, whether accepted or refused', async () => {
    const [good, bad] = [
      { file: 'good', expect: { outcome: 'accept' } },
      { outcome: 'reject', at: ['/action (wrong)'] },
    ];
    const either = { file: 'bad', expect: { outcome: 'reject-or-tolerate' } };
    const report = await run(corpusOf(good, { file: 'bad', expect: bad }, either));
    expect(report).toMatchObject({ accepted: 1, refused: 2, wrong: [], skipped: [] });
  });

  it.each<[string, string, Expectation, string]>([
    ['taken that should not be', 'good', { outcome: 'reject' }, 'should be refused'],
    ['refused that should not be', 'bad', { outcome: 'accept' }, '/action'],
    ['refused at another place', 'bad', { outcome: 'reject', at: ['/eventTime'] }, 'should be at /eventTime'],
    ['wrong in another event', 'bad', { valid: false, bad_events: [1] }, 'events 0 are wrong, should be 1'],
  ])('tells what is %s', async (_what, file, expected, said) => {
    const report = await run(corpusOf({ file, expect: expected }));
    expect(report).toMatchObject({ accepted: 0, refused: 0, wrong: [{ name: file }] });
    expect(reportLines(report).join('\n')).toContain(said);
  });

  it('a case whose file is away is wrong, and the others are told', async () => {
    const corpus = corpusOf({ file: 'away', expect: { outcome: 'accept' } }, { file: 'good' });
    const read = (file: string) => {
      if (file === 'away') throw new Error('no such file');
      return corpus.json(file);
    };
    const report = await run({ ...corpus, json: read });
    expect(report).toMatchObject({ accepted: 1, wrong: [{ name: 'away', what: 'no such file' }] });
  });

  it('tells what could not be asked', async () => {
    const report = await run(corpusOf({ file: 'good.xml', expect: { outcome: 'accept' } }));
    expect(reportLines(report)).toContain('     skipped: 1 because XML is not read yet');
  });
});
