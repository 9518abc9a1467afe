import type { Json } from '@custos/core-bytes';

/** A request with its answer. A document shows it, and a test sends it. */
export interface RouteExample {
  /** Name of the route. */
  readonly route: string;
  /** Unique among the examples of its route. */
  readonly name: string;
  readonly summary: string;
  /** The role of the party whose service answers, or whose token asks. */
  readonly by?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly status: number;
  /** The header Location. */
  readonly location?: string;
  /**
   * The JSON body of the answer; a text that ends with … is cut there. Absent when the answer is no JSON or has no
   * body.
   */
  readonly answer?: Json;
}

/** Returns path and query of an example's request, percent-encoded. */
export function exampleUrl(path: string, { params = {}, query = {} }: RouteExample): string {
  const filled = path
    .split('/')
    .map((part) => (part.startsWith('{') ? encodeURIComponent(params[part.slice(1, -1)] ?? '') : part))
    .join('/');
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
}

const CUT = '…';

/**
 * Returns the first place where an answer differs from its example, undefined when they agree. Values that vary from
 * run to run (hashes, ids, times, heights) are compared by kind only.
 */
export function differenceOf(example: Json, answer: Json, at = ''): string | undefined {
  const shown = (value: Json) => JSON.stringify(value)?.slice(0, 200);
  const differs = `${at || '/'}: ${shown(example)} is documented, ${shown(answer)} answered`;
  if (Array.isArray(example) && Array.isArray(answer)) {
    if (example.length !== answer.length) return differs;
    return first(example.map((item: Json, i) => differenceOf(item, answer[i] as Json, `${at}/${i}`)));
  }
  if (isObject(example) && isObject(answer)) {
    const names = [...new Set([...Object.keys(example), ...Object.keys(answer)])];
    return first(names.map((name) => memberDifference(example[name], answer[name], `${at}/${name}`)));
  }
  return kindOf(example, answer, at) ? undefined : differs;
}

/**
 * The member that holds the headers from a block up to the certified one. Its length depends on the run, so it is not
 * compared.
 */
const AS_IT_COMES = '/inclusion/above';

function memberDifference(example: Json | undefined, answer: Json | undefined, at: string): string | undefined {
  if (at.endsWith(AS_IT_COMES)) return undefined;
  if (example === undefined) return `${at}: answered, and not documented`;
  if (answer === undefined) return `${at}: documented, and not answered`;
  return differenceOf(example, answer, at);
}

function first(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((difference) => difference !== undefined);
}

function isObject(json: Json): json is { readonly [name: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Names of members whose numbers depend on the run. */
const OF_THE_RUN = new Set(
  (
    'height took view proposer time since effectiveFrom timestamp provisionalHeight finalizedView transactions bytes ' +
    'admitted dropped full branches finalLane'
  ).split(' '),
);

function kindOf(example: Json, answer: Json, at: string): boolean {
  if (typeof example === 'number' && typeof answer === 'number')
    return example === answer || OF_THE_RUN.has(at.slice(at.lastIndexOf('/') + 1));
  if (typeof example !== 'string' || typeof answer !== 'string') return example === answer;
  if (example.endsWith(CUT)) return answer.startsWith(example.slice(0, -CUT.length));
  return kinds(example) === kinds(answer);
}

/** Shortest run of hex digits and dashes that is an id or a digest. */
const MIN_ID = 32;
const HEX = '0123456789abcdef-';

/** Returns the text with each id and digest replaced by one word; a text that is a time becomes one word as a whole. */
function kinds(text: string): string {
  if (text.length >= 20 && text[4] === '-' && text[10] === 'T' && text.endsWith('Z')) return '<time>';
  let masked = '';
  let run = '';
  for (const letter of [...text, '']) {
    if (letter !== '' && HEX.includes(letter)) run += letter;
    else {
      masked += (run.length < MIN_ID ? run : '<id>') + letter;
      run = '';
    }
  }
  return masked;
}
