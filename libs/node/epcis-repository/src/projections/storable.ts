import { canonicalJson, isJsonObject, type Json } from '@custos/core-bytes';

// Postgres keeps no NUL in text or jsonb. An event may hold one, and a refused event is on the chain too: without
// this, one crafted event would stop every reader for ever.
const NUL = '\u0000';
const REPLACEMENT = '\ufffd';

/** Returns the text in a form that Postgres stores: U+0000 becomes U+FFFD. */
export function storableText(text: string): string {
  return text.includes(NUL) ? text.replaceAll(NUL, REPLACEMENT) : text;
}

/** The text for a jsonb parameter. */
export function storableJson(value: Json): string {
  const text = canonicalJson(value);
  return text.includes('\\u0000') ? canonicalJson(withoutNul(value)) : text;
}

function withoutNul(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutNul);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [[storableText(name), withoutNul(member)]],
    ),
  );
}
