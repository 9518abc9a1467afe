import { fields, orReject, reject, textOf, type Fields, type Json, type Parsed } from '@custos/core-bytes';
import { parsePublicKey, parseDigest, type KeyId, type PublicKey } from '@custos/core-crypto';
import { parseGln, parseGtin } from '@custos/core-gs1';
import { MAX_NAME } from '../limits.js';
import type { Agent, Location, Validity } from './party.js';

// Readers of the values that payloads and genesis hold. `at` is the JSON pointer of the value. All refuse with
// `reject`, so the caller runs them inside `attempt`.

const LONGEST_TERM = 128;

const termOf =
  <T>(parse: (text: string, field: string) => Parsed<T>) =>
  (value: Json | undefined, at: string): T =>
    orReject(parse(textOf(value, at, LONGEST_TERM), at));

/** Reads a GLN of 13 digits with its check digit. */
export const glnAt: (value: Json | undefined, at: string) => string = termOf(parseGln);
/** Reads a GTIN of 8 to 14 digits and returns it with 14. */
export const gtinAt: (value: Json | undefined, at: string) => string = termOf(parseGtin);
/** Reads a key id, the digest of a public key in hex. */
export const keyIdAt: (value: Json | undefined, at: string) => KeyId = termOf(parseDigest);
/** Reads a compressed P-256 point in hex. */
export const publicKeyAt: (value: Json | undefined, at: string) => PublicKey = termOf(parsePublicKey);

/**
 * Reads a country code in the form of ISO 3166-1 alpha-2. Does not check that the country exists. Refuses
 * COUNTRY_INVALID.
 */
export function countryAt(value: Json | undefined, at: string): string {
  const text = textOf(value, at, 2);
  const letters = text.length === 2 && isUpper(text.charCodeAt(0)) && isUpper(text.charCodeAt(1));
  return letters ? text : reject('COUNTRY_INVALID', at, 'send two capital letters (ISO 3166-1 alpha-2)');
}

const isUpper = (code: number): boolean => code >= 65 && code <= 90;

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a calendar day as `YYYY-MM-DD`. Accepts 29 February of any year, since days are only compared as text. Refuses
 * DAY_INVALID.
 */
export function dayAt(value: Json | undefined, at: string): string {
  const text = textOf(value, at, 10);
  const month = digitsOf(text, 5, 7);
  const day = digitsOf(text, 8, 10);
  const shaped = text.length === 10 && text[4] === '-' && text[7] === '-' && digitsOf(text, 0, 4) >= 0;
  const inMonth = day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0);
  return shaped && inMonth ? text : reject('DAY_INVALID', at, 'send a day as YYYY-MM-DD');
}

function digitsOf(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Reads a GS1 company prefix of 4 to 12 digits (GS1 General Specifications 1.4). Refuses PREFIX_INVALID. */
export function prefixAt(value: Json | undefined, at: string): string {
  const text = textOf(value, at, 12);
  const shaped = text.length >= 4 && digitsOf(text, 0, text.length) >= 0;
  return shaped ? text : reject('PREFIX_INVALID', at, 'send 4 to 12 digits');
}

/** Reads the members `validFrom` and `validTo`, milliseconds since 1970. Refuses VALIDITY_EMPTY. */
export function validityOf(source: Fields): Validity {
  const validFrom = source.integer('validFrom', 0);
  if (!source.has('validTo')) return { validFrom };
  const validTo = source.integer('validTo', 0);
  if (validTo <= validFrom) reject('VALIDITY_EMPTY', source.at('validTo'), 'end after validFrom');
  return { validFrom, validTo };
}

/** Reads an agent with its mandate and its period. */
export function agentAt(value: Json, at: string): Agent {
  const source = fields(value, at);
  const agent: Agent = {
    gln: glnAt(source.take('gln'), source.at('gln')),
    mandate: source.boolean('mandate'),
    ...validityOf(source),
  };
  source.end();
  return agent;
}

/** Reads a place without its party, which the context states. */
export function placeAt(value: Json, at: string): Omit<Location, 'party'> {
  const source = fields(value, at);
  const gln = glnAt(source.take('gln'), source.at('gln'));
  const country = countryAt(source.take('country'), source.at('country'));
  const name = source.has('name') ? source.text('name', MAX_NAME) : undefined;
  source.end();
  return name === undefined ? { gln, country } : { gln, country, name };
}

/**
 * Returns the list. Refuses REPEATED when two items have the same key, because the choice between them would be
 * arbitrary.
 */
export function withoutRepeats<T>(items: readonly T[], keyOf: (item: T) => string, at: string): readonly T[] {
  const seen = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (seen.has(key)) reject('REPEATED', at, `name ${key} once`);
    seen.add(key);
  }
  return items;
}
