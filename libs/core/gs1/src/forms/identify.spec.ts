import type { Parsed } from '@custos/core-bytes';
import fc from 'fast-check';
import {
  checkDigit,
  elementsOfIdentifier,
  escapeUri,
  identify,
  isUnit,
  MAX_EPC_LENGTH,
  parseScan,
  toDigitalLink,
  toUrn,
  unitKeyOf,
  type Gln,
  type Gtin,
  type Identifier,
  type Sscc,
} from '../index.js';

const G = '04012345000016';
const PACK = `unit/01/${G}/21/A1`;

/** The unit key, the kind of what is no unit, or `refused`. */
const readingOf = (uri: string): string => {
  const read = identify(uri);
  if (!read.ok) return 'refused';
  const { identifier } = read.value;
  return isUnit(identifier) ? unitKeyOf(identifier) : identifier.kind;
};

describe('S1: spellings of one pack', () => {
  it.each([
    'urn:epc:id:sgtin:4012345.000001.A1',
    'URN:epc:id:sgtin:4012345.000001.A1',
    'urn:EPC:id:sgtin:4012345.000001.A1',
    'urn:epc:id:sgt%69n:4012345.000001.A%31',
    `https://id.gs1.org/01/${G}/21/A1`,
    `Https://id.gs1.org/01/${G}/21/A1`,
    `HTTP://ID.GS1.ORG/01/${G}/21/A1`,
    `https://id.gs1.org:443/01/${G}/21/A1`,
    `https://id.gs1.org:/01/${G}/21/A1`,
    `https://id.gs1.org./01/${G}/21/A1`,
    `https://[2001:db8::1]:8443/01/${G}/21/A1`,
    `https://192.0.2.1/01/${G}/21/A1`,
    `https://id.gs1.org/%30%31/${G}/21/A1`,
    `https://id.gs1.org/01/%304012345000016/%32%31/%41%31`,
    `https://id.gs1.org/./01/${G}/21/A1`,
    `https://id.gs1.org/a/../01/${G}/21/A1`,
    `https://id.gs1.org/01/${G}/21/B1/../A1`,
    `https://id.gs1.org/01/${G}/21/B1/%2e%2E/A1`,
    `https://example.com/de/shop/01/${G}/10/L1/21/A1?17=270331&linkType=gs1:pip#top`,
    `http://example.com/gtin/4012345000016/ser/A1`,
  ])('S1: reads %s as that pack', (uri) => {
    expect(readingOf(uri)).toBe(PACK);
  });

  it.each([
    'urn:EPC:ID:SGTIN:4012345.000001.A1',
    'urn:epc:ID:sgtin:4012345.000001.A1',
    'urn:epc:id:SGTIN:4012345.000001.A1',
    'urn:epc:id:sgtin :4012345.000001.A1',
    'urn:epc%3Aid:sgtin:4012345.000001.A1',
    'urn:%65pc:ID:sgtin:4012345.000001.A1',
    'urn:epc:id:sgtin:4012345.000001.A1?=x',
    'urn:epc:id:sgtin:4012345.000001.A1?+x',
    'urn:epc:id:sgtin:4012345.000001.A1#x',
    'urn:epc:class:sgtin:4012345.000001.A1',
    'urn:epc:id:lgtin:4012345.000001.A1',
    'urn:epc:idpat:sgtin:4012345.000001.A1',
    'urn:epc:pat:sgtin-96:1.4012345.000001.*',
    'urn:epc:tag:sgtin-198:1.4012345.000001.A1',
    'urn:epc:tag:dsgtin+:1.270331.04012345000016.A1',
    'urn:epc:raw:96.x3034257BF7194E4000001A85',
    'epc:id:sgtin:4012345.000001.A1',
    `https://id.gs1.org/01/${G}/21/A1/`,
    `https://id.gs1.org/01/${G}//21/A1`,
    `https://id.gs1.org//01//${G}/21/A1`,
    `https://example.com/01//${G}/21/A1/.`,
    `https://id.gs1.org/GTIN/${G}/SER/A1`,
    `https://example.com/Gtin/${G}/ser/A1`,
    `https://example.com/1/${G}/21/A1`,
    `https://example.com/${G}/ser/A1`,
    `https://example.com/01%2F${G}%2F21%2FA1`,
    `https://example.com/01/${G}/21/A1/..`,
    `https://example.com/01/${G}/21/A1/more`,
    `https://example.com/?01=${G}&21=A1`,
    `https://example.com/#/01/${G}/21/A1`,
    `https://example.com/01/${G}?ser=A1`,
    `https://example.com/01/${G}?21=A1`,
    `https://example.com/01/${G}#/21/A1`,
    `https://example.com/01/${G}/21/A1/8004/X`,
    `https://example.com/01/${G}/21/A1/415/4012345000009`,
    `https://example.com/01/${G}/21/A1/8003/x`,
    `https://id.gs1.org/8006/${G}0001/21/A1`,
    'urn:epc:id:itip:4012345.000001.00.01.A1',
    `https://user@id.gs1.org/01/${G}/21/A1`,
    `https://id.gs1.org:x/01/${G}/21/A1`,
    `https:/id.gs1.org/01/${G}/21/A1`,
    `https:id.gs1.org/01/${G}/21/A1`,
    `https:///01/${G}/21/A1`,
    `https://id.gs1.org\\01\\${G}\\21\\A1`,
    `https://id.gs1.org/01/${G}/21/A 1`,
    `https://id.gs1.org/01/${G}/21/A%1`,
    `https://id.gs1.org/01/${G}/21/Ä`,
    `ftp://id.gs1.org/01/${G}/21/A1`,
    `ftp://user@id.gs1.org/anything`,
    `coap://example.com/01/${G}/21/A1`,
    `ftp://example.com/01/${G}/21/A1@x`,
    `x:(01)${G}(21)A1`,
    `https://example.com/(01)${G}(21)A1`,
    `did:web:example.com:01:${G}:21:A1`,
    `tag:example.com,2026:/gtin/${G}/ser/A1`,
  ])('S1: refuses %s', (uri) => {
    expect(readingOf(uri)).toBe('refused');
  });

  it('S1: reads lot and expiry from the Digital Link of a pack', () => {
    expect(identify(`https://id.gs1.org/01/${G}/10/L1/21/A1?17=270331`)).toEqual({
      ok: true,
      value: { identifier: { kind: 'sgtin', gtin: G, serial: 'A1' }, lot: 'L1', expiry: '270331' },
    });
  });

  it.each(['.', '..', '%2F', '%2e', 'a%2E%2Eb', '%25', '%2541'])('S1: keeps the serial number %s', (serial) => {
    const read = identify(`https://id.gs1.org/01/${G}/21/${serial}`);
    expect(read).toMatchObject({ ok: true, value: { identifier: { serial: decodeURIComponent(serial) } } });
  });

  it('S1: accepts at most 1,024 characters', () => {
    const uri = `https://id.gs1.org/01/${G}/21/A1?a=`.padEnd(MAX_EPC_LENGTH, 'x');
    expect(readingOf(uri)).toBe(PACK);
    expect(readingOf(`${uri}x`)).toBe('refused');
  });

  it.each([
    ['urn:custos:cn:81012345678901234567', 'unit/cn/81012345678901234567'],
    ['URN:Custos:cn:81012345678901234567', 'unit/cn/81012345678901234567'],
    ['urn:custos:CN:81012345678901234567', 'refused'],
    ['urn:custos:cn:8101234567890123456', 'refused'],
    ['urn:custos:cn:81012345678901234567?=x', 'refused'],
    ['custos:cn:81012345678901234567', 'refused'],
    [`urn:custos:sealed:${'0a'.repeat(32)}`, 'other'],
    [`urn:custos:SEALED:${'0a'.repeat(32)}`, 'refused'],
    [`urn:custos:sealed:${'0A'.repeat(32)}`, 'refused'],
    ['urn:custos:sealed:00', 'refused'],
    ['urn:custos:unit:x', 'refused'],
  ])('S1: %s of the namespace custos: %s', (uri, expected) => {
    expect(readingOf(uri)).toBe(expected);
  });
});

describe('S2: foreign URIs', () => {
  it.each([
    'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'urn:jaif:id:obj:37SUN321456789A111222333AB',
    'urn:oid:1.0.15961.12',
    'urn:epc:id:gid:95100000.12345.400',
    'urn:epc:id:usdod:2S194.12345678901',
    'urn:epc:id:adi:SSCC1..A1',
    'urn:epc:id:bic:CSQU3054383',
    'urn:epc:id:imovn:9176187',
    'urn:epc:tag:gid-96:1.2.3',
    'https://example.com',
    'https://example.com/foo',
    'https://example.com/article/2020/04',
    'https://example.com/2020/01/20200115/report',
    'https://example.com/01/02/03?page=21',
    `https://example.com/01//04012345000017/21/A1`,
    'https://id.gs1.org/415/4012345000009/8020/X1',
    'https://id.gs1.org/8004/%C3',
    'tag:example.com,2020:pallet/7',
    'did:web:example.com:pallets:7',
    'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    'ftp://example.com/a/b',
    'ex:serial-1',
  ])('S2: keeps %s unchanged', (uri) => {
    expect(identify(uri)).toEqual({ ok: true, value: { identifier: { kind: 'other', uri } } });
  });

  it.each(['', 'x', ':x', 'x:', 'urn:x', 'urn::x', 'urn:a_b:c', 'http://', 'https://a b'])(
    'S2: %j is no URI',
    (uri) => {
      expect(readingOf(uri)).toBe('refused');
    },
  );
});

// Spellings of one identifier that its holder, a scanner, a library or an attacker may produce.
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const keyOf = (length: number) => digits(length - 1).map((body) => body + checkDigit(body));
const CSET_82 = [...'!"%&\'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz'];
const text = fc.string({ unit: fc.constantFrom(...CSET_82), minLength: 1, maxLength: 20 });
const gtin = fc.oneof(keyOf(14), keyOf(13), keyOf(12), keyOf(8)).map((key) => key.padStart(14, '0') as Gtin);
const identifier: fc.Arbitrary<Identifier> = fc.oneof(
  fc.record({ kind: fc.constant('sgtin' as const), gtin, serial: fc.oneof(text, fc.constantFrom('.', '..')) }),
  fc.record({ kind: fc.constant('lgtin' as const), gtin, lot: text }),
  fc.record({ kind: fc.constant('sscc' as const), sscc: keyOf(18).map((key) => key as Sscc) }),
  fc.record({ kind: fc.constant('sgln' as const), gln: keyOf(13).map((key) => key as Gln) }),
  fc.record({ kind: fc.constant('pgln' as const), gln: keyOf(13).map((key) => key as Gln) }),
  fc.record({ kind: fc.constant('cn' as const), code: digits(20) }),
);

const caseOf = (word: string) =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((capitals) => [...word].map((letter, i) => (capitals[i] ? letter.toUpperCase() : letter)).join(''));
const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
/** Some of the letters as escapes; those of an escape stay. */
const escapesIn = (word: string) =>
  fc.array(fc.nat(7), { minLength: word.length, maxLength: word.length }).map((dice) => {
    let written = '';
    for (let i = 0; i < word.length; i++) {
      const isEscape = word[i] === '%';
      written += isEscape ? word.slice(i, i + 3) : dice[i] === 0 ? hex(word[i]!) : word[i]!;
      if (isEscape) i += 2;
    }
    return written;
  });
const sometimes = (word: fc.Arbitrary<string>, plain: string) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(plain) }, word);
const oneOf = (...words: string[]) => fc.constantFrom(...words);
const joined = (...words: fc.Arbitrary<string>[]) => fc.tuple(...words).map((parts) => parts.join(''));

const NAMES: Readonly<Record<string, readonly string[]>> = {
  '01': ['01', 'gtin', '1'],
  '00': ['00', 'sscc', '0'],
  '21': ['21', 'ser'],
  '10': ['10', 'lot'],
  '414': ['414', 'gln'],
  '417': ['417', 'party'],
};

function links(of: Identifier): fc.Arbitrary<string> {
  const between = sometimes(oneOf('//', '/./', '/x/../', '/%2e/', '/x/%2E%2e/', '%2F'), '/');
  const path = elementsOfIdentifier(of).flatMap(({ ai, value }) => {
    const short = ai === '01' ? [value, value.replace(/^0+/, '').padStart(8, '0')] : [value];
    const fits = short.filter(({ length }) => [8, 12, 13, 14].includes(length) || ai !== '01');
    const name = oneOf(...NAMES[ai]!).chain((word) => sometimes(caseOf(word), word));
    return [between, name.chain(escapesIn), between, oneOf(...fits).chain((word) => escapesIn(escapeUri(word)))];
  });
  return joined(
    sometimes(oneOf('http', 'ftp', 'coap', 'x-gs1'), 'https').chain(caseOf),
    sometimes(oneOf(':', ':/', ':///', '%3A//'), '://'),
    sometimes(oneOf('user@', 'user:word@', '@', 'a@b@'), ''),
    oneOf('id.gs1.org', 'example.com', 'www.id.gs1.org', '192.0.2.1', '[::1]').chain(caseOf).chain(escapesIn),
    sometimes(oneOf('.', ':443', ':80', ':', ':x'), ''),
    sometimes(oneOf('/de', '/some/place', '/', '/../..', '/01', '/2020/04'), ''),
    ...path,
    sometimes(oneOf('/', '//', '/.', '/more', '/10/L', '/8004/X', '/415/4012345000009'), ''),
    sometimes(oneOf('?', '?a@b', '?linkType=gs1:pip', '?17=270331', '?10=L', '?lot=L', '?a;b=1&c'), ''),
    sometimes(oneOf('#', '#top', '#/21/X'), ''),
  );
}

function urns(of: Identifier): fc.Arbitrary<string> {
  return fc.integer({ min: 6, max: 12 }).chain((prefixLength) => {
    const urn = toUrn(of, prefixLength);
    if (!urn.ok) throw new Error(urn.malformed.fix);
    const words = urn.value.split(':');
    const head = words.slice(0, of.kind === 'cn' ? 3 : 4).map((word) => sometimes(caseOf(word), word).chain(escapesIn));
    const tail = words.slice(head.length).join(':');
    return joined(
      ...head.flatMap((word) => [word, sometimes(oneOf('%3A', '::'), ':')]),
      escapesIn(tail),
      sometimes(oneOf('?=a', '?+a', '#a'), ''),
    );
  });
}

// A dot segment can be a serial number only at the end of a path; the examples above cover it.
const isDotted = (of: Identifier): boolean =>
  elementsOfIdentifier(of).some(({ value }) => value === '.' || value === '..');
const spelt = identifier
  .filter((of) => !isDotted(of))
  .chain((of) =>
    fc.tuple(fc.constant(of), of.kind === 'cn' ? urns(of) : fc.oneof({ weight: 2, arbitrary: links(of) }, urns(of))),
  );

describe('S1: every spelling', () => {
  it('S1: a key is the same identifier or refused, never a foreign URI', () => {
    let read = 0;
    fc.assert(
      fc.property(spelt, ([of, uri]) => {
        const result = identify(uri);
        if (!result.ok) return;
        read++;
        expect(result.value.identifier).toEqual(of);
      }),
      { numRuns: 3_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('S1: a scan gives the same identifier or a refusal', () => {
    fc.assert(
      fc.property(spelt, ([of, uri]) => {
        const [scan, read] = [parseScan(uri), identify(uri)];
        if (scan.ok && read.ok) expect(scan.value.identifier).toEqual(read.value.identifier);
        if (scan.ok && isUnit(scan.value.identifier)) expect(scan.value.identifier.kind).toBe(of.kind);
      }),
      { numRuns: 1_000 },
    );
  });

  it('S1: canonical links and URNs round-trip', () => {
    fc.assert(
      fc.property(identifier, fc.integer({ min: 6, max: 12 }), (of, prefixLength) => {
        const forms: readonly Parsed<string>[] = [{ ok: true, value: toDigitalLink(of) }, toUrn(of, prefixLength)];
        for (const form of forms)
          expect(form.ok && identify(form.value)).toEqual({ ok: true, value: { identifier: of } });
      }),
    );
  });
});
