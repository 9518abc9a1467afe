import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { AiElement } from '../application-identifiers/ai.js';
import type { Gln, Gtin, Identifier, PlainKey, Sscc } from './identifier.js';

/** The Application Identifier of each kind of {@link PlainKey}. */
const PLAIN_KEY_AIS: Record<PlainKey['kind'], string> = {
  gdti: '253',
  gcn: '255',
  grai: '8003',
  giai: '8004',
  gsrn: '8018',
  gsrnp: '8017',
  ginc: '401',
  gsin: '402',
};

/** Returns the identifier of a location. Extension "0" means that there is none. */
export function sgln(gln: Gln, extension: string | undefined): Identifier {
  return extension === undefined || extension === '0' ? { kind: 'sgln', gln } : { kind: 'sgln', gln, extension };
}

type Read = (get: (ai: string) => string | undefined) => Identifier | undefined;

// Tried in this order: a tracked key before a descriptive one, a finer key before a coarser one.
const READERS: readonly Read[] = [
  (get) => when(get('00'), (sscc) => ({ kind: 'sscc', sscc: sscc as Sscc })),
  (get) => when(get('01'), (gtin) => tradeItem(gtin as Gtin, get)),
  (get) =>
    when(get('8006'), (value) => ({
      kind: 'itip',
      gtin: value.slice(0, 14) as Gtin,
      piece: value.slice(14, 16),
      total: value.slice(16),
      ...optional('serial', get('21')),
    })),
  (get) => when(get('8010'), (part) => ({ kind: 'cpi', part, ...optional('serial', get('8011')) })),
  (get) => when(get('414'), (gln) => sgln(gln as Gln, get('254'))),
  (get) => when(get('417'), (gln) => ({ kind: 'pgln', gln: gln as Gln })),
  ...Object.entries(PLAIN_KEY_AIS).map(
    ([kind, ai]): Read =>
      (get) =>
        when(get(ai), (value) => ({ kind: kind as PlainKey['kind'], value })),
  ),
];

function tradeItem(gtin: Gtin, get: (ai: string) => string | undefined): Identifier {
  const [serial, tobacco, lot] = [get('21'), get('235'), get('10')];
  if (serial !== undefined) return { kind: 'sgtin', gtin, serial };
  if (tobacco !== undefined) return { kind: 'upui', gtin, serial: tobacco };
  return lot === undefined ? { kind: 'gtin', gtin } : { kind: 'lgtin', gtin, lot };
}

function when<T>(value: string | undefined, make: (value: string) => T): T | undefined {
  return value === undefined ? undefined : make(value);
}

function optional(name: 'serial', value: string | undefined): { readonly serial?: string } {
  return value === undefined ? {} : { [name]: value };
}

/** Returns the finest identifier that a list of checked elements names. Refuses KEY_MISSING. */
export function identifierOfElements(elements: readonly AiElement[]): Parsed<Identifier> {
  const get = (ai: string): string | undefined => {
    for (const element of elements) if (element.ai === ai) return element.value;
    return undefined;
  };
  for (const read of READERS) {
    const identifier = read(get);
    if (identifier) return parsed(identifier);
  }
  return malformed('KEY_MISSING', '', 'send a code with a GS1 key: (01) GTIN, (00) SSCC, (414) GLN ...');
}

/** Returns the elements of an identifier, key first; none for kinds `cn` and `other`, which are no GS1 keys. */
export function elementsOfIdentifier(identifier: Identifier): readonly AiElement[] {
  switch (identifier.kind) {
    case 'sgtin':
      return pair('01', identifier.gtin, '21', identifier.serial);
    case 'lgtin':
      return pair('01', identifier.gtin, '10', identifier.lot);
    case 'upui':
      return pair('01', identifier.gtin, '235', identifier.serial);
    case 'gtin':
      return pair('01', identifier.gtin);
    case 'sscc':
      return pair('00', identifier.sscc);
    case 'sgln':
      return pair('414', identifier.gln, '254', identifier.extension);
    case 'pgln':
      return pair('417', identifier.gln);
    case 'itip':
      return pair('8006', identifier.gtin + identifier.piece + identifier.total, '21', identifier.serial);
    case 'cpi':
      return pair('8010', identifier.part, '8011', identifier.serial);
    case 'cn':
    case 'other':
      return [];
    default:
      return pair(PLAIN_KEY_AIS[identifier.kind], identifier.value);
  }
}

function pair(ai: string, value: string, secondAi?: string, second?: string): readonly AiElement[] {
  const first = { ai, value };
  return secondAi === undefined || second === undefined ? [first] : [first, { ai: secondAi, value: second }];
}
