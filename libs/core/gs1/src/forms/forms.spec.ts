import type { Parsed } from '@custos/core-bytes';
import fc from 'fast-check';
import {
  canonicalLink,
  checkDigit,
  digitalLinkOf,
  elementsOfIdentifier,
  identifierOfUnitKey,
  identify,
  isUnit,
  parseBracketed,
  parseDigitalLink,
  parseElementString,
  parseEpcUrn,
  parseScan,
  toBracketed,
  toDigitalLink,
  toElementString,
  toUrn,
  unitKeyOf,
  type Gln,
  type Gtin,
  type Identifier,
  type Sscc,
} from '../index.js';

const CSET_82 = [...'!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'];
const digit = fc.constantFrom(...'0123456789');
const digits = (length: number) => fc.string({ unit: digit, minLength: length, maxLength: length });
const checked = (length: number) => digits(length - 1).map((body) => body + checkDigit(body));
const text = (max: number) => fc.string({ unit: fc.constantFrom(...CSET_82), minLength: 1, maxLength: max });

const gtin = checked(14).map((key) => key as Gtin);
const gln = checked(13).map((key) => key as Gln);
const identifier: fc.Arbitrary<Identifier> = fc.oneof(
  fc.record({ kind: fc.constant('sgtin' as const), gtin, serial: text(20) }),
  fc.record({ kind: fc.constant('lgtin' as const), gtin, lot: text(20) }),
  fc.record({ kind: fc.constant('gtin' as const), gtin }),
  fc.record({ kind: fc.constant('upui' as const), gtin, serial: text(28) }),
  fc.record({ kind: fc.constant('sscc' as const), sscc: checked(18).map((key) => key as Sscc) }),
  fc.record({ kind: fc.constant('pgln' as const), gln }),
  fc.record({ kind: fc.constant('sgln' as const), gln }),
  fc.record({ kind: fc.constant('sgln' as const), gln, extension: text(20).filter((value) => value !== '0') }),
  fc.record({
    kind: fc.constant('gdti' as const),
    value: fc.tuple(checked(13), text(17)).map((parts) => parts.join('')),
  }),
  fc.record({
    kind: fc.constant('grai' as const),
    value: fc.tuple(checked(13), text(16)).map(([k, s]) => `0${k}${s}`),
  }),
  fc.record({
    kind: fc.constant('giai' as const),
    value: fc.tuple(digits(13), text(17)).map((parts) => parts.join('')),
  }),
  fc.record({ kind: fc.constantFrom('gsrn' as const, 'gsrnp' as const), value: checked(18) }),
  fc.record({
    kind: fc.constant('itip' as const),
    gtin,
    piece: fc.constant('01'),
    total: fc.constant('02'),
    serial: text(20),
  }),
);

const valueOf = <T>(result: Parsed<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
};

describe('forms of one identifier', () => {
  it('round-trips through a Digital Link', () => {
    fc.assert(
      fc.property(identifier, (id) =>
        expect(identify(toDigitalLink(id))).toEqual({ ok: true, value: { identifier: id } }),
      ),
    );
  });

  it('round-trips through an EPC URN of every prefix length, which the captured form keeps', () => {
    fc.assert(
      fc.property(identifier, fc.integer({ min: 6, max: 12 }), (id, prefixLength) => {
        const urn = valueOf(toUrn(id, prefixLength));
        expect(parseEpcUrn(urn)).toEqual({ ok: true, value: { text: urn, identifier: id, prefixLength } });
      }),
    );
  });

  it('round-trips through element string and bracketed form', () => {
    fc.assert(
      fc.property(identifier, (id) => {
        const elements = elementsOfIdentifier(id);
        expect(parseElementString(toElementString(elements))).toEqual({ ok: true, value: elements });
        expect(parseBracketed(toBracketed(elements))).toEqual({ ok: true, value: elements });
        expect(valueOf(parseScan(toElementString(elements).padStart(1))).identifier).toEqual(id);
      }),
    );
  });

  it('L6.1: a unit has one state key for every form, and the key parses to the unit', () => {
    fc.assert(
      fc.property(identifier.filter(isUnit), fc.integer({ min: 6, max: 12 }), (unit, prefixLength) => {
        if (!isUnit(unit)) return;
        const key = unitKeyOf(unit);
        expect(identifierOfUnitKey(key)).toEqual({ ok: true, value: unit });
        for (const form of [toDigitalLink(unit), valueOf(toUrn(unit, prefixLength))]) {
          expect(unitKeyOf(valueOf(identify(form)).identifier as typeof unit)).toBe(key);
        }
      }),
    );
  });

  it('has one link in the event hash for URN and link', () => {
    fc.assert(
      fc.property(identifier, fc.integer({ min: 6, max: 12 }), (id, prefixLength) => {
        expect(canonicalLink(valueOf(toUrn(id, prefixLength)))).toBe(toDigitalLink(id));
        expect(canonicalLink(toDigitalLink(id, 'https://example.com/some/place'))).toBe(toDigitalLink(id));
      }),
    );
  });
});

describe('L6.1 forms by example', () => {
  const pack = { kind: 'sgtin', gtin: '04012345000016', serial: 'A/1%"' };

  it.each([
    'urn:epc:id:sgtin:4012345.000001.A%2F1%25%22',
    'urn:epc:id:sgtin:401234500.0001.A%2F1%25%22',
    'https://id.gs1.org/01/04012345000016/21/A%2F1%25%22',
    'https://example.com/de/01/04012345000016/10/L1/21/A%2F1%25%22?17=270331',
    'http://example.com/gtin/4012345000016/ser/A%2F1%25%22',
  ])('reads %s as the same pack', (epc) => {
    expect(valueOf(identify(epc)).identifier).toEqual(pack);
  });

  it.each([
    ['element string', '0104012345000016' + '21A/1%"\u001d10L1\u001d17270331'],
    ['leading FNC1', '\u001d0104012345000016' + '21A/1%"\u001d1727033110L1'],
    ['DataMatrix', ']d2010401234500001617270331' + '10L1\u001d21A/1%"'],
    ['GS1-128', ']C1010401234500001617270331' + '10L1\u001d21A/1%"'],
    ['QR', ']Q3010401234500001617270331' + '10L1\u001d21A/1%"'],
    ['DataBar', ']e0010401234500001617270331' + '10L1\u001d21A/1%"\u001d'],
    ['brackets', '(01)04012345000016(21)A/1%"(10)L1(17)270331'],
    ['link', 'https://id.gs1.org/01/04012345000016/10/L1/21/A%2F1%25%22?17=270331'],
    ['link in a QR code', ']Q1https://id.gs1.org/01/04012345000016/10/L1/21/A%2F1%25%22?17=270331'],
  ])('scans the %s', (_name, code) => {
    const scan = valueOf(parseScan(code));
    expect(scan).toMatchObject({ identifier: pack, serial: 'A/1%"', lot: 'L1', expiry: '270331' });
  });

  it('keeps case and leading zeros of a serial', () => {
    const keys = ['0001', '1', 'a', 'A'].map((serial) =>
      unitKeyOf({ ...pack, kind: 'sgtin', gtin: pack.gtin as Gtin, serial }),
    );
    expect(new Set(keys).size).toBe(4);
  });

  it('S1: reads the 20 digits of China bare and as URN', () => {
    const unit = { kind: 'cn', code: '81012345678901234567' };
    expect(valueOf(identify('urn:custos:cn:81012345678901234567')).identifier).toEqual(unit);
    expect(valueOf(parseScan('81012345678901234567')).identifier).toEqual(unit);
    expect(identifierOfUnitKey('unit/cn/81012345678901234567')).toEqual({ ok: true, value: unit });
  });

  it('reads a bare GTIN of every length, and a class pattern', () => {
    expect(valueOf(parseScan('4012345000016')).identifier).toEqual({ kind: 'gtin', gtin: '04012345000016' });
    expect(valueOf(identify('urn:epc:idpat:sgtin:4012345.000001.*')).identifier).toEqual({
      kind: 'gtin',
      gtin: '04012345000016',
    });
  });

  it('S2: keeps any other URI character by character', () => {
    for (const uri of ['urn:epc:id:gid:1.2.3', 'https://example.com/po/17', 'urn:uuid:0f', 'ex:serial-1']) {
      expect(identify(uri)).toEqual({ ok: true, value: { identifier: { kind: 'other', uri } } });
    }
  });

  it('writes all elements into one link', () => {
    const elements = valueOf(parseBracketed('(01)04012345000016(17)270331(21)S 1'.replace(' ', '+')));
    expect(digitalLinkOf(elements, 'https://example.com')).toEqual({
      ok: true,
      value: 'https://example.com/01/04012345000016/21/S%2B1?17=270331',
    });
  });
});

it.each(['https://example.com', 'https://example.com/', 'https://example.com//'])('a link on the stem %s', (stem) => {
  const gtin = '12312312312326' as Gtin;
  const link = 'https://example.com/01/12312312312326';
  expect(toDigitalLink({ kind: 'gtin', gtin }, stem)).toBe(link);
  expect(digitalLinkOf([{ ai: '01', value: gtin }], stem)).toEqual({ ok: true, value: link });
});

describe('refusals state code and field', () => {
  it.each([
    ['01040123450000172112', '(01)', 'CHECK_DIGIT_WRONG'],
    ['010401234500001621', '(21)', 'LENGTH_WRONG'],
    ['0104012345000016' + '21123456789012345678901', '(21)', 'LENGTH_WRONG'],
    ['0104012345000016' + '21a b', '(21)', 'CHARACTER_WRONG'],
    ['0104012345000016' + '8812', '@16', 'AI_UNKNOWN'],
    ['010401234500001617271331', '(17)', 'DATE_INVALID'],
    ['010401234500001621A\u001d21B', '(21)', 'AI_REPEATED'],
    ['21A', '', 'KEY_MISSING'],
    ['(01)0401234500001', '(01)', 'LENGTH_WRONG'],
    ['(01', '@0', 'BRACKET_MISSING'],
    ['(88)12', '@1', 'AI_UNKNOWN'],
    ['4012345000017', 'gtin', 'CHECK_DIGIT_WRONG'],
    [']X2010401234500001621A', '@0', 'SYMBOLOGY_UNKNOWN'],
    ['', 'code', 'CODE_EMPTY'],
    ['hello', '@0', 'CODE_UNKNOWN'],
    ['https://example.com/hello', '@0', 'KEY_MISSING'],
    ['https://example.com/01/04012345000016/21/A/10/B', '(10)', 'QUALIFIER_WRONG'],
    ['https://example.com/01/04012345000016?10=B', '(10)', 'AI_NOT_IN_QUERY'],
    ['https://example.com/01/04012345000017/21/A', '(01)', 'CHECK_DIGIT_WRONG'],
    ['urn:epc:id:sgtin:40123.00000001.A', 'prefix', 'URN_INVALID'],
    ['urn:epc:id:sgtin:4012345.00001.A', 'reference', 'URN_INVALID'],
    ['urn:epc:id:sgtin:4012345.000001.A/B', 'serial', 'URN_INVALID'],
    ['urn:epc:id:sgtin:4012345.000001.', 'serial', 'URN_INVALID'],
    ['urn:epc:id:sscc:4012345.00000000012', 'reference', 'URN_INVALID'],
    ['urn:epc:id:gid:1.2.3', '@0', 'KEY_MISSING'],
  ])('%j at %s: %s', (code, field, expected) => {
    expect(parseScan(code)).toMatchObject({ ok: false, malformed: { code: expected, field } });
  });

  it.each(['no colon', ':a', '4:a', 'a:', 'http://a b', 'urn:epc:id:sgtin:4012345.000001'])('%j is no EPC', (uri) => {
    expect(identify(uri).ok).toBe(false);
  });

  it('parses or refuses arbitrary text without throwing', () => {
    const start = fc.constantFrom(
      '',
      '(',
      ']d2',
      'urn:epc:id:sgtin:',
      'https://a/01/',
      '01',
      'urn:custos:cn:',
      'unit/01/',
    );
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary', maxLength: 60 }), (head, tail) => {
        for (const parse of [parseScan, identify, parseEpcUrn, identifierOfUnitKey, parseDigitalLink]) {
          const result = parse(head + tail);
          if (!result.ok) expect(result.malformed).toMatchObject({ code: expect.any(String), fix: expect.any(String) });
        }
        canonicalLink(head + tail);
      }),
    );
  });
});
