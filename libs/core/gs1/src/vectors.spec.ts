import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalLink,
  digitalLinkOf,
  escapeQuery,
  escapeUri,
  knownAis,
  parseBracketed,
  parseDigitalLink,
  parseElementString,
  SEPARATOR,
  toElementString,
  unescapePath,
  unescapeQuery,
  type AiElement,
} from './index.js';

// Other people's cases, beside the repository. Absent on a stranger's machine: skipped there, never in CI.
const folder = join(__dirname, '../../../../../shared/data/gs1');
const present = existsSync(folder);

interface Case {
  readonly id: string;
  readonly fn: string;
  readonly input: unknown;
  readonly options: { readonly [name: string]: boolean };
  readonly ok: boolean;
  readonly expected: unknown;
}

const casesOf = (file: string, functions: readonly string[]): readonly Case[] =>
  readFileSync(join(folder, 'vectors', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case)
    .filter(({ fn }) => functions.includes(fn));

/** Their FNC1 is `^`, and one always stands in front. */
const theirs = (elements: readonly AiElement[]) => '^' + toElementString(elements).split(SEPARATOR).join('^');

/** By case: why we answer otherwise, on purpose. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['C1.parseDLuri.1767', 'an AI that GS1 has not assigned is refused: we have no option to let it pass'],
]);

type Answer = { readonly ok: boolean; readonly value?: unknown };

function walk(cases: readonly Case[], answer: (test: Case) => Answer): void {
  const counts = { accepted: 0, refused: 0, excepted: 0 };
  const wrong: string[] = [];
  for (const test of cases) {
    const ours = answer(test);
    const right = ours.ok === test.ok && (!test.ok || test.expected === null || sameJson(ours.value, test.expected));
    if (EXCEPTIONS.has(test.id)) {
      counts.excepted++;
      if (right) wrong.push(`${test.id}: no exception any more`);
    } else if (!right) wrong.push(`${test.id}: ${JSON.stringify(test.input)} gave ${JSON.stringify(ours)}`);
    else counts[ours.ok ? 'accepted' : 'refused']++;
  }
  expect(wrong).toEqual([]);
  expect(counts.accepted + counts.refused + counts.excepted).toBe(cases.length);
  expect(cases.length).toBeGreaterThan(0);
}

const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const elementsAnswer = (result: ReturnType<typeof parseElementString>): Answer =>
  result.ok ? { ok: true, value: theirs(result.value) } : { ok: false };

it('finds the shared cases, or says that they are not here', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

(present ? describe : describe.skip)('GS1 cases of others', () => {
  it('knows every Application Identifier of the dictionary', () => {
    expect(knownAis()).toBe(541);
  });

  it('C1: Digital Link to elements', () => {
    walk(casesOf('C1-digital-link-parse.jsonl', ['parseDLuri']), ({ input, options }) =>
      elementsAnswer(
        parseDigitalLink(input as string, {
          shortGtin: options['permitZeroSuppressedGTINinDLuris'],
          names: options['permitConvenienceAlphas'],
        }),
      ),
    );
  });

  it('C2: elements to Digital Link, and escapes', () => {
    walk(casesOf('C2-digital-link-generate.jsonl', ['generateDLuri']), ({ input }) => {
      const { stem, ai } = input as { stem: string | null; ai: string };
      const elements = parseBracketed(ai);
      const link = elements.ok ? digitalLinkOf(elements.value, stem ?? undefined) : elements;
      return link.ok ? link : { ok: false };
    });
    walk(casesOf('C2-digital-link-generate.jsonl', ['uriEscape']), ({ input }) => {
      const text = input as string;
      return { ok: true, value: { path: escapeUri(text), query: escapeQuery(text) } };
    });
    walk(casesOf('C2-digital-link-generate.jsonl', ['uriUnescape']), ({ input }) => {
      const text = input as string;
      return { ok: true, value: { path: unescapePath(text), query: unescapeQuery(text) } };
    });
  });

  it('C3: element strings and bracketed forms, by the shape of each value', () => {
    walk(casesOf('C3-ai-and-scan.jsonl', ['processAIdata']), ({ input }) => ({
      ok: parseElementString((input as string).slice(1).split('^').join(SEPARATOR)).ok,
    }));
    walk(casesOf('C3-ai-and-scan.jsonl', ['parseAIdata']), ({ input }) =>
      elementsAnswer(parseBracketed(input as string)),
    );
  });

  it('C7: the link of the event hash', () => {
    walk(
      casesOf('C7-urn-digital-link.jsonl', ['urn_to_dl', 'urn_pattern_to_dl', 'dl_canonical', 'not_a_key']),
      (test) => {
        const value = canonicalLink(test.input as string);
        return value === undefined ? { ok: false } : { ok: true, value };
      },
    );
  });
});
