import { compareText } from './arrays.js';
import { attempt, orReject, reject, type Parsed } from './malformed.js';
import { isWellFormed, parseUtf8, utf8 } from './text.js';

/** A JSON value (RFC 8259), immutable. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object, immutable. A member that is `undefined` counts as absent. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/**
 * The deepest nesting of arrays and objects (L2.4). No known EPCIS document is deeper, and every parser has the stack
 * for it.
 */
const MAX_JSON_DEPTH = 32;

/** Returns whether the value is an object, neither null nor a list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the canonical text of a value (RFC 8785). Members that are `undefined` are left out.
 * @throws RangeError for a number that is not finite or a text with a lone surrogate: parsed input holds neither, so
 * this is a bug of the caller.
 */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) throw new RangeError('a lone surrogate has no canonical form');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError(`${value} has no canonical form`);
      // RFC 8785, 3.2.2.3: the number format of ECMAScript, which writes -0 as 0.
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as JsonObject);
  }
}

/** Returns the canonical text as UTF-8 bytes, the form that is hashed and stored (RFC 8785, 3.2.4). */
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

/** Cache of member names in canonical form, with the colon: a few names are repeated in most documents. */
const NAMES = new Map<string, string>();
const [MOST_NAMES, LONGEST_NAME] = [1_000, 100];

function canonicalName(name: string): string {
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const form = canonicalJson(name) + ':';
  // Untrusted documents choose names too, so the cache is bounded.
  if (NAMES.size < MOST_NAMES && name.length <= LONGEST_NAME) NAMES.set(name, form);
  return form;
}

function ascend(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if (names[i - 1]! > names[i]!) return false;
  return true;
}

/**
 * Parses JSON text in any form, for input of clients. Refuses UTF8_INVALID, JSON_INVALID, JSON_TOO_DEEP (above
 * {@link MAX_JSON_DEPTH}), TEXT_INVALID for a lone surrogate, and NUMBER_TOO_LARGE for a number that overflows.
 */
export function parseJson(bytes: Uint8Array): Parsed<Json> {
  return attempt(() => readJson(orReject(parseUtf8(bytes))));
}

/**
 * Parses bytes that equal their own canonical form, the only form allowed in a block (L2.4). Refuses
 * JSON_NOT_CANONICAL, and what {@link parseJson} refuses.
 */
export function parseCanonicalJson(bytes: Uint8Array): Parsed<Json> {
  return attempt(() => {
    const text = orReject(parseUtf8(bytes));
    const value = readJson(text);
    // Fast path: JSON.stringify is canonical when members ascend by name, which holds for most input.
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

// Checks the depth before the parse: JSON.parse recurses, and deep input would exhaust the stack.
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

/** Rejects at the first text or number that {@link isSound} refuses. */
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
