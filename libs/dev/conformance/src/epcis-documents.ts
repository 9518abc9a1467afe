import type { Json, Malformed } from '@custos/core-bytes';
import { openDocument, parseEvent } from '@custos/core-epcis';
import { allowed, entriesOf, namesPlace, type Corpus, type Entry } from './corpus.js';
import { skipped, type Case, type Finding } from './suite.js';

const NOT_READ: Readonly<Record<string, string>> = {
  'query-definition': 'the query language is not here yet',
};

/** Documents, single events and answers to queries, read by the core: taken, or refused at the right place. */
export function documentCases(corpus: Corpus, suite: string): readonly Case[] {
  return entriesOf(corpus, suite).map((entry) => ({ name: entry.file, run: () => judge(corpus, entry) }));
}

function judge(corpus: Corpus, entry: Entry): Finding {
  const unread = unreadReason(entry);
  if (unread !== undefined) return skipped(unread);
  const json = corpus.json(entry.file);
  const faults = json.ok ? faultsOf(json.value) : [{ event: undefined, malformed: json.malformed }];
  return compare(entry, faults);
}

/** Why a case cannot be asked of us yet. */
export function unreadReason(entry: Entry): string | undefined {
  if (entry.file.endsWith('.xml')) return 'XML is not read yet';
  return NOT_READ[entry.do!];
}

/** A fault, with the index of its event; of the document as a whole when there is none. */
export interface Fault {
  readonly event: number | undefined;
  readonly malformed: Malformed;
}

export function faultsOf(json: Json): readonly Fault[] {
  const opened = openDocument(json);
  if (!opened.ok) return [{ event: undefined, malformed: opened.malformed }];
  const { scope, events } = opened.value;
  return events.flatMap(({ at, json: event }, i) => {
    const result = parseEvent(event, scope, at);
    return result.ok ? [] : [{ event: i, malformed: result.malformed }];
  });
}

/** A refusal must name a place that the index names, and the events that are wrong must be those of the index. */
function compare({ expect }: Entry, faults: readonly Fault[]): Finding {
  const may = allowed(expect);
  const [first] = faults;
  if (!first) return may.accept ? { outcome: 'accepted' } : { outcome: 'accepted', fault: 'should be refused' };
  const { code, field, fix } = first.malformed;
  const refused = { outcome: 'refused', code } as const;
  if (!may.refuse) return { ...refused, fault: `should be accepted, was ${code} at ${field}: ${fix}` };
  if (!namesPlace(expect?.at, field))
    return { ...refused, fault: `refused at ${field}, should be at ${expect!.at!.join(' or ')}` };
  const bad = faults.flatMap(({ event }) => event ?? []);
  const expected = expect?.bad_events;
  if (expected && JSON.stringify(bad) !== JSON.stringify(expected))
    return { ...refused, fault: `events ${bad.join(', ')} are wrong, should be ${expected.join(', ')}` };
  return refused;
}
