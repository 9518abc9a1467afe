import { fromHex, isJsonObject, orReject, reject, type Json, type JsonObject } from '@custos/core-bytes';
import { parseDigest, type Digest } from '@custos/core-crypto';

// Readers of JSON members for this room's documents. They refuse with `reject`: run them inside `attempt`.

/** An object that has no member but these; which of them must be there, the caller says by reading them. */
export function objectOf(json: Json | undefined, names: readonly string[], field: string): JsonObject {
  const object = openObjectOf(json, field);
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) reject('MEMBER_UNKNOWN', `${field}/${name}`, `send ${names.join(', ')} only`);
  }
  return object;
}

/** An object whose member names are free. */
export function openObjectOf(json: Json | undefined, field: string): JsonObject {
  return isJsonObject(json) ? json : reject('OBJECT_EXPECTED', field, 'send an object');
}

export function listOf(json: Json | undefined, most: number, field: string): readonly Json[] {
  if (!Array.isArray(json)) return reject('LIST_EXPECTED', field, 'send a list');
  if (json.length > most) reject('TOO_MANY', field, `at most ${most}`);
  return json as readonly Json[];
}

export function textOf(json: Json | undefined, most: number, field: string): string {
  if (typeof json !== 'string') return reject('TEXT_EXPECTED', field, 'send a string');
  if (json.length === 0 || json.length > most) reject('TEXT_LENGTH', field, `1 to ${most} characters`);
  return json;
}

export function integerOf(json: Json | undefined, most: number, field: string): number {
  if (typeof json === 'number' && Number.isSafeInteger(json) && json >= 0 && json <= most) return json;
  return reject('INTEGER_EXPECTED', field, `send an integer from 0 to ${most}`);
}

export function digestAt(json: Json | undefined, field: string): Digest {
  return typeof json === 'string'
    ? orReject(parseDigest(json, field))
    : reject('DIGEST_INVALID', field, 'send 64 lower-case hex digits');
}

export function textsOf(json: Json | undefined, most: number, length: number, field: string): readonly string[] {
  return listOf(json, most, field).map((item, i) => textOf(item, length, `${field}/${i}`));
}

/** Bytes written as lower-case hex. */
export function hexOf(json: Json | undefined, most: number, field: string): Uint8Array {
  const bytes = typeof json === 'string' && json.length <= 2 * most ? fromHex(json) : undefined;
  return bytes ?? reject('HEX_INVALID', field, `send at most ${most} bytes as lower-case hex`);
}
