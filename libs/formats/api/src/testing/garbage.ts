import { utf8, type Json, type JsonObject } from '@custos/core-bytes';
import type fastCheck from 'fast-check';
import type { RouteExample } from '../examples/example.js';
import type { Route } from '../route.js';

/** A request that is sent byte for byte: nothing in it is checked or corrected on the way out. */
export interface RawRequest {
  readonly method: string;
  /** The request target, as it follows the method in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

type FastCheck = typeof fastCheck;
type Arbitrary<T> = fastCheck.Arbitrary<T>;

/** A lone surrogate in JSON's own escape: UTF-8 cannot encode it. */
const LONE_SURROGATE = '\\ud800';
const HUGE = 'x'.repeat(200_000);
const DEEP = 20_000;

/** Values of the wrong type, at the ends of ranges, or with names of prototypes. */
const ODD_VALUES: readonly Json[] = [
  ...[null, true, -1, 0, 1.5, 1e308, 2 ** 53, '', ' ', '\u0000', 'x\u0000y', '\u202e', '😀'.repeat(500)],
  ...['__proto__', 'constructor', '../../etc/passwd', '%00', "';--", '(01)', '(01)04012345000016(21)', HUGE, []],
  ...[{}, [[]], [null], { toString: 1 }, { constructor: { prototype: {} } }, Array(6_000).fill('x') as Json],
];
const ODD_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\u0000',
  'a'.repeat(5_000),
  '$ref',
  '@id',
  'codes ',
];
/** Path parameters, as written in the path. */
const ODD_SEGMENTS = [
  ...[
    '',
    '.',
    '..',
    '%2e%2e',
    '%00',
    '%zz',
    '%',
    '%c3',
    '%ff%fe',
    '%ed%a0%80',
    '%2f',
    '*',
    ':job',
    '__proto__',
    'null',
  ],
  ...['x'.repeat(512), 'x'.repeat(513), 'x'.repeat(9_000), '%F0%9F%98%80'.repeat(100), '(01)04012345000017(21)A', '-1'],
  ...['00000000-0000-0000-0000-000000000000', '0'.repeat(64), '1e9', '01/04012345000016/21/%2500', ';a=b', '🙂'],
];
const ODD_QUERIES = [
  ...['code=', 'code=%00', 'code=%ff', 'code=a&code=b', 'limit=-1', 'limit=1e9', 'limit=NaN', 'limit=0x10', 'limit='],
  ...[
    'limit=1&limit=2',
    'after=%00',
    'after=%f0%28%8c%bc',
    '__proto__=1',
    'constructor=1',
    'x',
    '&&&=',
    '?',
    'from=-0',
  ],
  ...['from=9007199254740993', 'from=1.5', 'from[]=1', 'from=1&from=2', 'key=%00', 'keys=,,,', 'proof=TRUE', 'gtin=0'],
  ...[
    `code=${'9'.repeat(5_000)}`,
    `keys=${'a,'.repeat(400)}`,
    'within=(00)1',
    'market=deu',
    'purpose=',
    'after=x&after=y',
  ],
];
const ODD_HEADERS: readonly (readonly [string, string])[] = [
  ...(['text/plain', '', 'application/json; charset=utf-16', ';;;', 'multipart/form-data', 'application/xml'].map(
    (type) => ['content-type', type],
  ) as [string, string][]),
  ...(['', 'gzip', 'identity, br'].map((coding) => ['content-encoding', coding]) as [string, string][]),
  ...(['', ' ', 'k'.repeat(201), 'k'.repeat(8_000), '\u00ff\u00fe', '\t'].map((key) => ['idempotency-key', key]) as [
    string,
    string,
  ][]),
  ...(['text/html', '*/*;q=0', ',,,', 'a'.repeat(4_000)].map((accept) => ['accept', accept]) as [string, string][]),
  ...(['', 'Bearer', 'Bearer ', 'Basic eDp5', `Bearer ${'t'.repeat(4_000)}`, 'bearer \u00e9'].map((token) => [
    'authorization',
    token,
  ]) as [string, string][]),
  ['gs1-capture-error-behaviour', 'rollback, proceed'],
  ['gs1-epcis-version', '2.0.0.0.0'],
  ['gs1-epcis-min', '9'.repeat(400)],
  ['accept-version', '9.x'],
  ['x-http-method-override', 'DELETE'],
  ['expect', '100-continue'],
  ['x-forwarded-for', '\u00a0, , 999.1.1.1'],
  ['content-length', '99999999999999999999'],
  ['cookie', 'a=b; __proto__=1'],
  ['host', ''],
];
const METHODS = ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'get', 'X'];

/** Returns an arbitrary of requests that start as a documented example and are spoilt in one to three ways. */
export function garbage(
  fc: FastCheck,
  routes: readonly Route[],
  examples: readonly RouteExample[],
): Arbitrary<RawRequest> {
  const bases = routes.flatMap((route) => {
    const own = examples.filter((one) => one.route === route.name);
    return own.map((example) => baseOf(route, example));
  });
  const spoil = fc.oneof(
    { weight: 4, arbitrary: bodySpoilt(fc) },
    { weight: 2, arbitrary: rawBody(fc) },
    { weight: 3, arbitrary: fc.constantFrom(...ODD_SEGMENTS).map(parameterSpoilt) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(9), fc.constantFrom(...ODD_SEGMENTS)).map(segmentSpoilt) },
    { weight: 3, arbitrary: fc.constantFrom(...ODD_QUERIES).map(queryAdded) },
    { weight: 3, arbitrary: fc.constantFrom(...ODD_HEADERS).map(headerSet) },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS).map(methodSet) },
  );
  return fc
    .tuple(fc.constantFrom(...bases), fc.array(spoil, { minLength: 1, maxLength: 3 }))
    .map(([base, spoils]) => spoils.reduce((draft, change) => change(draft), base))
    .map(({ body, text, ...rest }) => ({
      ...rest,
      body: bytesOf(text ?? (body === undefined ? undefined : JSON.stringify(body))),
    }));
}

interface Draft extends Omit<RawRequest, 'body'> {
  /** Index of the path segment that is the first parameter. */
  readonly parameterAt: number | undefined;
  readonly body: Json | undefined;
  /** A text that replaces the body's JSON. When it begins with a NUL, each character is one byte: see `bytesOf`. */
  readonly text?: string;
}
type Spoil = (draft: Draft) => Draft;

function baseOf({ method, path }: Route, { params = {}, query = {}, headers = {}, body }: RouteExample): Draft {
  const at = path.split('/').findIndex((part) => part.startsWith('{'));
  const filled = path
    .split('/')
    .map((part) => (part.startsWith('{') ? encodeURIComponent(params[part.slice(1, -1)] ?? '') : part))
    .join('/');
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return {
    method,
    target: `${filled}?${pairs.join('&')}`,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    parameterAt: at < 0 ? undefined : at,
  };
}

/** Returns changes that put another value, another key or a repeated key anywhere in the body. */
function bodySpoilt(fc: FastCheck): Arbitrary<Spoil> {
  const value = fc.oneof(fc.constantFrom(...ODD_VALUES), fc.jsonValue({ maxDepth: 3 }) as Arbitrary<Json>);
  return fc.tuple(fc.array(fc.nat(20), { maxLength: 5 }), fc.constantFrom(...ODD_KEYS, undefined), value).map(
    ([way, key, odd]): Spoil =>
      (draft) =>
        draft.body === undefined ? draft : { ...draft, body: replaced(draft.body, way, key, odd) },
  );
}

function replaced(json: Json, way: readonly number[], key: string | undefined, odd: Json): Json {
  const [turn, ...rest] = way;
  if (turn === undefined || typeof json !== 'object' || json === null) return odd;
  if (Array.isArray(json))
    return json.map((item: Json, i) => (i === turn % json.length ? replaced(item, rest, key, odd) : item));
  const names = Object.keys(json);
  const name = names[turn % Math.max(names.length, 1)];
  if (rest.length === 0 && key !== undefined) return withKey(json as JsonObject, key, odd);
  return name === undefined ? odd : { ...json, [name]: replaced((json as JsonObject)[name]!, rest, key, odd) };
}

function withKey(json: JsonObject, key: string, odd: Json): JsonObject {
  // Object.fromEntries makes an own member, also when it is called __proto__.
  return Object.fromEntries([...Object.entries(json), [key, odd]]) as JsonObject;
}

/** Returns changes that replace the body by a text that is no JSON, or by JSON that no serializer writes. */
function rawBody(fc: FastCheck): Arbitrary<Spoil> {
  const texts = fc.oneof(
    fc.constantFrom(
      ...['', '{', '[', 'null', '"', '{"a":1}x', '{"codes":[],"codes":[]}', '{"__proto__":{"x":1},"codes":[]}', '[]'],
      ...['['.repeat(DEEP), '{"a":'.repeat(DEEP), `{"a":"${LONE_SURROGATE}"}`, '1e999', '-', '\ufeff{}', '{"a":01}'],
      ...['\u0000\u00ff\u00fe', '\u0000{"a":"\u00c3("}', '\u0000\u00fe\u00ff\u0000{', '\u0000\u001f\u008b\u0008'],
    ),
    fc.string({ maxLength: 200 }),
    fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => '\u0000' + Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
  );
  return texts.map((text): Spoil => (draft) => ({ ...draft, text }));
}

const parameterSpoilt =
  (odd: string): Spoil =>
  (draft) =>
    draft.parameterAt === undefined ? queryAdded(odd)(draft) : segmentSpoilt([draft.parameterAt - 1, odd])(draft);
const segmentSpoilt =
  ([at, odd]: readonly [number, string]): Spoil =>
  (draft) => {
    const [path = '', query = ''] = draft.target.split('?');
    const parts = path.split('/');
    const i = 1 + (at % Math.max(parts.length - 1, 1));
    return { ...draft, target: `${[...parts.slice(0, i), odd, ...parts.slice(i + 1)].join('/')}?${query}` };
  };
const queryAdded =
  (query: string): Spoil =>
  (draft) => ({ ...draft, target: `${draft.target}&${query}` });
const headerSet =
  ([name, value]: readonly [string, string]): Spoil =>
  (draft) => ({ ...draft, headers: { ...draft.headers, [name]: value } });
const methodSet =
  (method: string): Spoil =>
  (draft) => ({ ...draft, method });

/** UTF-8; or the letters themselves as bytes behind a leading NUL. */
function bytesOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  if (text.startsWith('\u0000')) return Uint8Array.from([...text.slice(1)], (letter) => letter.charCodeAt(0));
  return utf8(text);
}
