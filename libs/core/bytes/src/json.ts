import { compareText } from './arrays.js';
import { attempt, orReject, reject, type Parsed } from './malformed.js';
import { isWellFormed, parseUtf8, utf8 } from './text.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Deep enough for every EPCIS document seen in the field, shallow enough for any parser's stack (L2.4). */
export const MAX_JSON_DEPTH = 32;

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * RFC 8785 text of a value. Absent (`undefined`) members are left out. Numbers must be finite and text well
 * formed: such a value in our own hands is a bug and throws RangeError.
 */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) throw new RangeError('a lone surrogate has no canonical form');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError(`${value} has no canonical form`);
      // RFC 8785, 3.2.2.3: as ECMAScript writes it; it writes zero without its sign.
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as JsonObject);
  }
}

export function canonicalBytes(value: Json): Uint8Array {
  return utf8(canonicalJson(value));
}

function canonicalArray(items: readonly Json[]): string {
  let text = '[';
  for (let i = 0; i < items.length; i++) text += (i > 0 ? ',' : '') + canonicalJson(items[i]!);
  return text + ']';
}

function canonicalObject(members: JsonObject): string {
  const names = Object.keys(members);
  if (!ascend(names)) names.sort(compareText);
  let text = '';
  for (const name of names) {
    const value = members[name];
    if (value !== undefined) text += (text === '' ? '{' : ',') + canonicalName(name) + canonicalJson(value);
  }
  return text === '' ? '{}' : text + '}';
}

/** Member names in their canonical form, with the colon: the same few come again and again. */
const NAMES = new Map<string, string>();
const [MOST_NAMES, LONGEST_NAME] = [1_000, 100];

function canonicalName(name: string): string {
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const form = canonicalJson(name) + ':';
  // Others choose names too, so what they can fill is bounded.
  if (NAMES.size < MOST_NAMES && name.length <= LONGEST_NAME) NAMES.set(name, form);
  return form;
}

function ascend(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if (names[i - 1]! > names[i]!) return false;
  return true;
}

/** Any JSON text of bounded depth: what a client may send. Lone surrogates are refused. */
export function parseJson(bytes: Uint8Array): Parsed<Json> {
  return attempt(() => readJson(orReject(parseUtf8(bytes))));
}

/** The one form that may stand in a block: bytes that are equal to their own canonical form (L2.4). */
export function parseCanonicalJson(bytes: Uint8Array): Parsed<Json> {
  return attempt(() => {
    const text = orReject(parseUtf8(bytes));
    const value = readJson(text);
    // The platform's own writer is canonical but for the order of members; most bytes that come here are so.
    const canonical = (JSON.stringify(value) === text && membersAscend(value)) || canonicalJson(value) === text;
    return canonical ? value : reject('JSON_NOT_CANONICAL', '', 'send the RFC 8785 form');
  });
}

function readJson(text: string): Json {
  checkDepth(text);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return reject('JSON_INVALID', '', 'send well-formed JSON (RFC 8259)');
  }
  if (!isSound(value)) rejectUnsound(value, '');
  return value;
}

function membersAscend(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).every(membersAscend);
  if (!isJsonObject(value)) return true;
  const names = Object.keys(value);
  if (!ascend(names)) return false;
  for (const name of names) if (!membersAscend(value[name]!)) return false;
  return true;
}

// A scan before the parse: JSON.parse recurses, so depth is bounded while the text is still flat.
function checkDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_JSON_DEPTH) reject('JSON_TOO_DEEP', `@${i}`, `nest at most ${MAX_JSON_DEPTH} levels`);
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
}

function isSound(value: Json): boolean {
  if (typeof value === 'string') return isWellFormed(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return (value as readonly Json[]).every(isSound);
  if (!isJsonObject(value)) return true;
  for (const key of Object.keys(value)) if (!isWellFormed(key) || !isSound(value[key]!)) return false;
  return true;
}

/** Names the first text or number that {@link isSound} does not take. */
function rejectUnsound(value: Json, at: string): void {
  if (typeof value === 'string') {
    if (!isWellFormed(value)) reject('TEXT_INVALID', at, 'pair every surrogate');
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) reject('NUMBER_TOO_LARGE', at, 'send a finite number');
  } else if (Array.isArray(value)) {
    value.forEach((item: Json, i) => rejectUnsound(item, `${at}/${i}`));
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      if (!isWellFormed(key)) reject('TEXT_INVALID', at, 'pair every surrogate');
      rejectUnsound(value[key]!, `${at}/${key}`);
    }
  }
}
