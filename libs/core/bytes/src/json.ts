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
      return JSON.stringify(value);
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
  let text = '{';
  for (const key of Object.keys(members).sort(compareText)) {
    const value = members[key];
    if (value !== undefined) text += (text.length > 1 ? ',' : '') + canonicalJson(key) + ':' + canonicalJson(value);
  }
  return text + '}';
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
  checkTexts(value, '');
  return value;
}

function membersAscend(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).every(membersAscend);
  if (!isJsonObject(value)) return true;
  const names = Object.keys(value);
  return names.every((name, i) => (i === 0 || names[i - 1]! < name) && membersAscend(value[name]!));
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

function checkTexts(value: Json, at: string): void {
  if (typeof value === 'string') {
    if (!isWellFormed(value)) reject('TEXT_INVALID', at, 'pair every surrogate');
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) reject('NUMBER_TOO_LARGE', at, 'send a finite number');
  } else if (Array.isArray(value)) {
    value.forEach((item: Json, i) => checkTexts(item, `${at}/${i}`));
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      if (!isWellFormed(key)) reject('TEXT_INVALID', at, 'pair every surrogate');
      checkTexts(value[key]!, `${at}/${key}`);
    }
  }
}
