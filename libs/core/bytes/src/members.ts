import { fromHex } from './hex.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { attempt, malformed, reject, type Parsed } from './malformed.js';

// Readers of the members of an untrusted JSON document. `at` is the JSON pointer of the value. Each one rejects, so it
// runs inside `attempt` or `attemptAs`. The caller states each limit; without one, the document's size is the limit.

/** Returns the object. @throws MalformedError OBJECT_EXPECTED */
export function objectOf(value: Json | undefined, at: string): JsonObject {
  return isJsonObject(value) ? value : reject('OBJECT_EXPECTED', at, 'send an object');
}

/**
 * Returns an object that has no member but `names`; each of them may be absent.
 * @throws MalformedError OBJECT_EXPECTED, FIELD_UNKNOWN
 */
export function closedObjectOf(value: Json | undefined, at: string, names: readonly string[]): JsonObject {
  const object = objectOf(value, at);
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) reject('FIELD_UNKNOWN', at + pointerStep(name), `send ${names.join(', ')} only`);
  }
  return object;
}

/** Returns a list of at most `maxItems`. @throws MalformedError LIST_EXPECTED, TOO_LONG */
export function listOf(value: Json | undefined, at: string, maxItems = Infinity): readonly Json[] {
  if (!Array.isArray(value)) return reject('LIST_EXPECTED', at, 'send a list');
  if (value.length > maxItems) reject('TOO_LONG', at, `at most ${maxItems} members`);
  return value as readonly Json[];
}

/** Returns a text of 1 to `maxLength` characters. @throws MalformedError TEXT_EXPECTED, TOO_LONG */
export function textOf(value: Json | undefined, at: string, maxLength = Infinity): string {
  if (typeof value !== 'string' || value === '') return reject('TEXT_EXPECTED', at, 'send a text');
  if (value.length > maxLength) reject('TOO_LONG', at, `at most ${maxLength} characters`);
  return value;
}

/** Returns a list of texts, with the limits and refusals of {@link listOf} and {@link textOf}. */
export function textsOf(value: Json | undefined, at: string, maxItems: number, maxLength: number): readonly string[] {
  return listOf(value, at, maxItems).map((item, i) => textOf(item, `${at}/${i}`, maxLength));
}

/** Returns a safe integer from `from` to `to`, both included. @throws MalformedError INTEGER_EXPECTED */
export function integerOf(value: Json | undefined, at: string, from: number, to = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to) return value;
  const limit = to === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : to;
  return reject('INTEGER_EXPECTED', at, `send a whole number from ${from} to ${limit}`);
}

/** Returns true or false. @throws MalformedError BOOLEAN_EXPECTED */
export function booleanOf(value: Json | undefined, at: string): boolean {
  return typeof value === 'boolean' ? value : reject('BOOLEAN_EXPECTED', at, 'send true or false');
}

/** Returns one of `words`. @throws MalformedError WORD_UNKNOWN */
export function wordOf<T extends string>(value: Json | undefined, at: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  return word ?? reject('WORD_UNKNOWN', at, `one of ${words.join(', ')}`);
}

/** Returns at most `maxBytes` bytes that are written as lower-case hex. @throws MalformedError HEX_INVALID */
export function hexOf(value: Json | undefined, at: string, maxBytes: number): Uint8Array {
  const bytes = typeof value === 'string' && value.length <= 2 * maxBytes ? fromHex(value) : undefined;
  return bytes ?? reject('HEX_INVALID', at, `send at most ${maxBytes} bytes as lower-case hex`);
}

/** Returns an own member of the object. Inherited names such as `constructor` are absent. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns the name as one step of a JSON pointer (RFC 6901, 3), with the slash before it. */
export function pointerStep(name: string): string {
  return `/${name.split('~').join('~0').split('/').join('~1')}`;
}

/** Runs a decoder like {@link attempt}. A refusal keeps its field and fix and gets `code`. */
export function attemptAs<T>(code: string, decode: () => T): Parsed<T> {
  const result = attempt(decode);
  return result.ok ? result : malformed(code, result.malformed.field, result.malformed.fix);
}
