import type { JsonObject } from '@custos/core-bytes';
import { referenceHasher } from '@custos/core-crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashDocument, parseDocument } from './index.js';

// Published documents, beside the repository. Without them the tests are skipped, but never in CI.
const folder = join(__dirname, '../../../../../shared/data');
const present = existsSync(folder);

interface Entry {
  readonly file: string;
  readonly suite: string;
  readonly do?: string;
  readonly expect?: {
    readonly outcome?: string;
    readonly valid?: boolean;
    readonly at?: readonly string[];
    readonly hashes?: string;
  };
}

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const json = (file: string) => JSON.parse(read(file)) as JsonObject;
const entries = (suites: readonly string[], what: string): readonly Entry[] =>
  (JSON.parse(read('index.json')) as Entry[]).filter((entry) => suites.includes(entry.suite) && entry.do === what);

it('finds the shared documents, or warns that they are absent', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

/** Documents whose expected result differs from the index, with the reason. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([]);

(present ? describe : describe.skip)('EPCIS documents of others', () => {
  it.each(['A1', 'A2', 'A3', 'A5'])('%s: captured or refused at the place that the index names', (suite) => {
    const counts = { accepted: 0, refused: 0, excepted: 0 };
    const wrong: string[] = [];
    const cases = [...entries([suite], 'capture'), ...entries([suite], 'event')];
    for (const { file, expect: expected } of cases) {
      const result = parseDocument(json(file));
      const places = (expected?.at ?? []).map((at) => at.split(' ')[0]);
      const right = result.ok ? expected?.outcome !== 'reject' : places.includes(result.malformed.field);
      if (EXCEPTIONS.has(file)) counts.excepted++;
      else if (right) counts[result.ok ? 'accepted' : 'refused']++;
      else wrong.push(`${file}: ${JSON.stringify(result.ok ? 'accepted' : result.malformed)}`);
    }
    expect(wrong).toEqual([]);
    expect(counts.accepted + counts.refused + counts.excepted).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(0);
  });

  it('A4: answers to queries, valid or wrong at the place that the index names', () => {
    const cases = entries(['A1', 'A4'], 'query-document');
    const wrong = cases.flatMap(({ file, expect: expected }) => {
      const result = parseDocument(json(file));
      const right = result.ok ? expected?.valid : expected?.at?.includes(result.malformed.field);
      return right ? [] : [`${file}: ${JSON.stringify(result)}`];
    });
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(3);
  });

  it('B1, B3: hashes of JSON events', () => {
    const wrong: string[] = [];
    let checked = 0;
    const jsonld = entries(['B1'], 'hash').filter(({ file }) => file.endsWith('.jsonld'));
    const pairs = JSON.parse(read('epcis/event-hash/B3-pairs.json')) as { json: string; hashes: string[] }[];
    const cases = [
      ...jsonld.map(({ file, expect: expected }) => {
        const hashes = read(join(file, '..', expected!.hashes!)).split('\n');
        return { file, hashes: hashes.filter((line) => line !== '') };
      }),
      ...pairs.map(({ json: file, hashes }) => ({ file, hashes })),
    ];
    for (const { file, hashes } of cases) {
      const ours = hashesOf(json(file));
      checked += hashes.length;
      if (JSON.stringify(ours) !== JSON.stringify(hashes)) wrong.push(`${file}: ${ours.join(' ')}`);
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(10);
  });
});

function hashesOf(document: JsonObject): readonly string[] {
  const hashed = hashDocument(referenceHasher, document);
  if (!hashed.ok) return [JSON.stringify(hashed.malformed)];
  return hashed.value.map((event) => ('hash' in event ? event.hash : JSON.stringify(event.malformed)));
}
