import type { Json, JsonObject } from '@custos/core-bytes';
import { referenceHasher } from '@custos/core-crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventHash, openDocument, parseContext, parseDocument, parseEvent, type Context } from './index.js';

// Other people's documents, beside the repository. Absent on a stranger's machine: skipped there, never in CI.
const folder = join(__dirname, '../../../../../shared/data');
const present = existsSync(folder);

interface Entry {
  readonly file: string;
  readonly suite: string;
  readonly do?: string;
  readonly expect?: { readonly outcome?: string; readonly at?: readonly string[]; readonly hashes?: string };
}

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const json = (file: string) => JSON.parse(read(file)) as JsonObject;
const entries = (suites: readonly string[], what: string): readonly Entry[] =>
  (JSON.parse(read('index.json')) as Entry[]).filter((entry) => suites.includes(entry.suite) && entry.do === what);

it('finds the shared documents, or says that they are not here', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

/** Documents that we judge otherwise than the index says, and why. */
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

/** Of captures and of answers to queries, with the document's own list of what its hashes leave out. */
function hashesOf(document: JsonObject): readonly string[] {
  const context = scopeOf(document['@context']);
  const ignored = ignoredIn(document) ?? ignoredIn(resultsOf(document));
  return eventsOf(document).map((source) => {
    const event = parseEvent(source, context);
    if (!event.ok) return JSON.stringify(event.malformed);
    return eventHash(referenceHasher, event.value, context, ignored);
  });
}

function ignoredIn(object: JsonObject): string[] | undefined {
  return Object.entries(object).find(([name]) => name.endsWith(':ignoreFields'))?.[1] as string[] | undefined;
}

function resultsOf(document: JsonObject): JsonObject {
  return ((document['epcisBody'] as JsonObject)['queryResults'] ?? {}) as JsonObject;
}

function eventsOf(document: JsonObject): readonly Json[] {
  if (document['type'] === 'EPCISDocument') {
    const opened = openDocument(document);
    return opened.ok ? opened.value.events.map((event) => event.json) : [];
  }
  return (resultsOf(document)['resultsBody'] as JsonObject)['eventList'] as readonly Json[];
}

function scopeOf(json: Json | undefined): Context {
  const context = parseContext(json);
  if (!context.ok) throw new Error(context.malformed.fix);
  return context.value;
}
