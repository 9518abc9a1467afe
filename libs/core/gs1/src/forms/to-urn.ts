import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { isDigits } from '../identifiers/digits.js';
import { EPC } from './epc-urn.js';
import type { Identifier } from '../identifiers/identifier.js';
import { escapeUrn } from './percent.js';
import { CN_URN } from '../identifiers/unit-key.js';
import { MAX_PREFIX, MIN_PREFIX, URN_SCHEMES, type UrnScheme } from './urn-schemes.js';

interface UrnParts {
  readonly scheme: UrnScheme;
  /** Prefix and reference in the order of the AI value, without the part before them and without check digit. */
  readonly key: string;
  readonly tail: readonly string[];
  /** Whether it is a class pattern, which ends in `*`. */
  readonly pattern: boolean;
}

/**
 * Returns the EPC URN of an identifier. `prefixLength` is the number of digits of its company prefix: only a URN, a
 * registry or the captured form states it. Kinds `cn` and `other` keep their own URI. Refuses PREFIX_LENGTH when the
 * key has no URN with such a prefix.
 */
export function toUrn(identifier: Identifier, prefixLength: number): Parsed<string> {
  if (identifier.kind === 'other') return parsed(identifier.uri);
  if (identifier.kind === 'cn') return parsed(CN_URN + identifier.code);
  const { scheme, key, tail, pattern } = partsOf(identifier);
  const first = scheme.leads ? 1 : 0;
  const prefix = key.slice(first, first + prefixLength);
  const reference = key.slice(0, first) + key.slice(first + prefixLength);
  const fits = Number.isInteger(prefixLength) && prefixLength >= MIN_PREFIX && prefixLength <= MAX_PREFIX;
  if (!fits || prefix.length < prefixLength || !isDigits(prefix) || (scheme.digits === undefined && reference === '')) {
    return malformed('PREFIX_LENGTH', 'prefix', `send ${MIN_PREFIX} to ${MAX_PREFIX}, and what this key can hold`);
  }
  const family = scheme.kind === 'lgtin' ? 'class' : pattern ? 'idpat' : 'id';
  return parsed(`${EPC}${family}:${scheme.scheme}:${[prefix, escapeUrn(reference), ...tail].join('.')}`);
}

function partsOf(identifier: Exclude<Identifier, { kind: 'other' | 'cn' }>): UrnParts {
  switch (identifier.kind) {
    case 'sgtin':
    case 'upui':
      return parts(identifier.kind, identifier.gtin, [identifier.serial]);
    case 'gtin':
      return parts('sgtin', identifier.gtin, [], true);
    case 'lgtin':
      return parts('lgtin', identifier.gtin, [identifier.lot]);
    case 'itip': {
      const { gtin, piece, total, serial } = identifier;
      return parts('itip', gtin, serial === undefined ? [piece, total] : [piece, total, serial], serial === undefined);
    }
    case 'sscc':
      return parts('sscc', identifier.sscc, []);
    case 'sgln':
      return parts('sgln', identifier.gln, [identifier.extension ?? '0']);
    case 'pgln':
      return parts('pgln', identifier.gln, []);
    case 'cpi':
      return parts('cpi', identifier.part, listOf(identifier.serial), identifier.serial === undefined);
    case 'gdti':
    case 'gcn':
      return serialised(identifier.kind, identifier.value, 13);
    case 'grai':
      return serialised(identifier.kind, identifier.value, 14);
    default:
      return parts(identifier.kind, identifier.value, []);
  }
}

function serialised(kind: Identifier['kind'], value: string, length: number): UrnParts {
  const serial = value.slice(length);
  return parts(kind, value.slice(0, length), serial === '' ? [] : [serial], serial === '');
}

function listOf(serial: string | undefined): readonly string[] {
  return serial === undefined ? [] : [serial];
}

function parts(kind: Identifier['kind'], value: string, tail: readonly string[], pattern = false): UrnParts {
  const scheme = URN_SCHEMES.find((candidate) => candidate.kind === kind)!;
  const from = scheme.before?.length ?? 0;
  const key = scheme.digits === undefined ? value : value.slice(from, from + scheme.digits);
  return { scheme, key, tail: [...tail.map(escapeUrn), ...(pattern ? ['*'] : [])], pattern };
}
