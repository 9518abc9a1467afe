import type { Source } from './source-rules.js';

/** Ids as a specification introduces them: `**K6 skip**`, a row `| C15 |`, a section `## L8 Files`, or `I12` in a list. */
export function specIds(text: string): ReadonlySet<string> {
  const forms = [/\*\*([A-Z]\d+(?:\.\d+)?)\b/g, /^\| ([A-Z]\d+) /gm, /^## ([A-Z]\d+) /gm, /\b(I\d+) /g];
  return new Set(forms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1]!)));
}

/** `In force: S1 to S9, C15 and V1.` as ids. */
export function inForce(text: string): readonly string[] {
  const sentence = /In force: ([^.]*?)(?:\.\s|\swith\s)/.exec(text)?.[1] ?? '';
  return [...sentence.matchAll(/([A-Z])(\d+)(?:\s+to\s+[A-Z](\d+))?/g)].flatMap(([, letter, from, to]) =>
    Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, i) => `${letter}${Number(from) + i}`),
  );
}

const ID = /(?<![\w.-])([A-Z]\d{1,2}(?:\.\d+)?)(?![\w-])/g;

/** Ids in comments. */
export function citedInComments({ text }: Source): readonly string[] {
  return [...text.matchAll(/\/\/.*|\/\*[^]*?\*\//g)].flatMap(([comment]) => idsOf(comment));
}

/** Ids at the beginning of the titles of tests, up to the colon: `K8, K13: ...`; or of a describe: `C19 recalling a lot`. */
export function citedInTitles({ text }: Source): readonly string[] {
  return [...text.matchAll(/['"`]((?:[A-Z]\d{1,2}(?:\.\d+)?(?: [a-d])?(?:, | and | to )?)+)(?::| [a-z])/g)].flatMap(
    ([, ids]) => idsOf(ids!),
  );
}

function idsOf(text: string): readonly string[] {
  return [...text.matchAll(ID)].map((match) => match[1]!);
}
