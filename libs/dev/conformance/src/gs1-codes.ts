import {
  brokenExclusion,
  brokenRequirement,
  brokenSignature,
  canonicalLink,
  digitalLinkOf,
  escapeQuery,
  escapeUri,
  faultOf,
  findAi,
  findPattern,
  parseBracketed,
  parseElementString,
  unescapePath,
  unescapeQuery,
} from '@custos/core-gs1';
import type { Corpus } from './corpus.js';
import { linkElements, NO, ourText, wholeText, yes, type Answered, type EngineOptions } from './gs1-elements.js';
import { generated, scanned } from './gs1-scanners.js';
import type { Case, Finding } from './suite.js';

/** A case of the suites C1, C2, C3 and C7: what an engine of GS1 or the reference of the event hash answers. */
interface CodeCase {
  readonly id: string;
  readonly fn: string;
  readonly input: unknown;
  readonly options: EngineOptions;
  readonly ok: boolean;
  readonly expected: unknown;
}

type Answer = (input: never, options: EngineOptions) => Answered;

const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>(
  Object.entries({
    parseDLuri: (input: string, options) => wholeText(linkElements(input, options), options),
    generateDLuri: ({ stem, ai }: { stem: string | null; ai: string }) => {
      const elements = parseBracketed(ai);
      const link = elements.ok ? digitalLinkOf(elements.value, stem ?? undefined) : elements;
      return link.ok ? yes(link.value) : NO;
    },
    uriEscape: (input: string) => yes({ path: escapeUri(input), query: escapeQuery(input) }),
    uriUnescape: (input: string) => yes({ path: unescapePath(input), query: unescapeQuery(input) }),
    parseAIdata: (input: string, options) => wholeText(parseBracketed(input), options),
    processAIdata: (input: string, options) =>
      input.startsWith('^') ? wholeText(parseElementString(ourText(input)), options) : NO,
    validateAIs: ({ ai, check }: { ai: string; check: string }) => {
      const elements = parseBracketed(ai);
      if (!elements.ok) return NO;
      const broken = {
        repeats: () => undefined,
        exclusions: brokenExclusion,
        requisites: brokenRequirement,
        'digsig-serialised-key': brokenSignature,
      }[check]!(elements.value);
      return { ok: broken === undefined };
    },
    existsInAIdata: ({ ai, find, ignore }: { ai: string; find: string; ignore: string | null }) => {
      const elements = parseBracketed(ai);
      const found = elements.ok ? findPattern(elements.value, find, ignore ?? undefined) : undefined;
      return found === undefined ? NO : yes(found);
    },
    linters: (input: string) => {
      const fault = firstFault(input);
      return fault === undefined ? { ok: true } : { ok: false, value: { error: fault } };
    },
    processScanData: (input: string, options) => scanned(input, options),
    generateScanData: (input: { symbology: string; data: string }, options) => generated(input, options),
    urn_to_dl: linkAnswer,
    urn_pattern_to_dl: linkAnswer,
    dl_canonical: linkAnswer,
    not_a_key: linkAnswer,
  } satisfies Record<string, Answer>),
);

/** The cases of a file of codes, one a line. */
export function codeCases(corpus: Corpus, suite: string): readonly Case[] {
  return corpus.entries
    .filter((entry) => entry.suite === suite && entry.file.endsWith('.jsonl'))
    .flatMap(({ file }) => corpus.text(file).split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as CodeCase)
    .map((test) => ({ name: test.id, run: () => judge(test) }));
}

function judge({ fn, input, options, ok, expected }: CodeCase): Finding {
  const answer = ANSWERS.get(fn);
  if (!answer) return { outcome: 'refused', fault: `nothing answers ${fn}` };
  const ours = answer(input as never, options);
  const outcome = ours.ok ? 'accepted' : 'refused';
  const same = expected === null || JSON.stringify(ours.value) === JSON.stringify(expected);
  if (ours.ok === ok && same) return { outcome };
  const fault = `${JSON.stringify(input)} gave ${JSON.stringify(ours)}, not ${JSON.stringify({ ok, value: expected })}`;
  return { outcome, fault, ...(options['permitUnknownAIs'] === true && !ours.ok && { code: 'AI_UNASSIGNED' }) };
}

function linkAnswer(input: string): Answered {
  const link = canonicalLink(input);
  return link === undefined ? NO : yes(link);
}

// Bracketed, every value by its own rules; values whose shape is wrong are faults too.
function firstFault(bracketed: string): string | undefined {
  for (const part of bracketed.slice(1).split('(')) {
    const [ai = '', value = ''] = part.split(')');
    const fault = faultOf(findAi(ai)!, value);
    if (fault) return fault.fault;
  }
  return undefined;
}
