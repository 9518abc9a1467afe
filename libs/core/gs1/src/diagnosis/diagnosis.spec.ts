import fc from 'fast-check';
import {
  gtinOfNational,
  suggestionsFor,
  nationalNumbers,
  parseScan,
  diagnoseCode,
  readScanner,
  writeScanner,
} from '../index.js';

const read = (text: string, prefixLength?: number) => diagnoseCode(text, { thisYear: 2026, prefixLength });

/** One pack in every form that is read. */
const FORMS = [
  '0104012345000016' + '1727033110L1\u001d21A1B2',
  ']d20104012345000016' + '1727033110L1\u001d21A1B2',
  ']C10104012345000016' + '1727033110L1\u001d21A1B2\u001d',
  ']Q30104012345000016' + '1727033110L1\u001d21A1B2',
  ']J10104012345000016' + '1727033110L1\u001d21A1B2',
  ']e00104012345000016' + '1727033110L1\u001d21A1B2',
  '\u001d0104012345000016' + '21A1B2\u001d10L1\u001d17270331',
  '(01)04012345000016(17)270331(10)L1(21)A1B2',
  'https://id.gs1.org/01/04012345000016/10/L1/21/A1B2?17=270331',
  'HTTPS://example.com/some/place/01/04012345000016/10/L1/21/A1B2?17=270331&linkType=gs1:pip',
  ']Q1https://example.com/gtin/4012345000016/lot/L1/ser/A1B2?17=270331',
];

describe('one code in every other form', () => {
  it.each(FORMS)('reads %j', (text) => {
    expect(read(text, 7)).toMatchObject({
      kind: 'sgtin',
      digitalLink: 'https://id.gs1.org/01/04012345000016/10/L1/21/A1B2?17=270331',
      urn: 'urn:epc:id:sgtin:4012345.000001.A1B2',
    });
    const fields = [...read(text).fields].sort((a, b) => (a.ai < b.ai ? -1 : 1));
    expect(fields.map(({ ai, value, date }) => [ai, value, date])).toEqual([
      ['01', '04012345000016', undefined],
      ['10', 'L1', undefined],
      ['17', '270331', '2027-03-31'],
      ['21', 'A1B2', undefined],
    ]);
  });

  it('takes the prefix length from a URN, and notes when it is unknown', () => {
    expect(read('urn:epc:id:sgtin:4012345.000001.A1B2').urn).toBe('urn:epc:id:sgtin:4012345.000001.A1B2');
    expect(read('(01)04012345000016(21)A').findings).toEqual([
      { level: 'note', code: 'PREFIX_LENGTH_UNKNOWN', fix: expect.any(String) },
    ]);
  });

  it('reads a code without a key, and every primary key of a link', () => {
    expect(read('(17)270331(10)L1')).toMatchObject({
      elementString: '1727033110L1',
      findings: [{ code: 'AI_REQUIRED' }, { code: 'KEY_MISSING' }],
    });
    expect(read('(8013)1987654Ad4X4bL5ttr2310c2K').digitalLink).toBe(
      'https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K',
    );
    expect(read('(415)4012345000009(8020)R1').digitalLink).toBe('https://id.gs1.org/415/4012345000009/8020/R1');
  });

  it('sets the decimal point of a measure and of a price', () => {
    expect(read('(01)04012345000016(3103)000195(3932)9780299').fields.map(({ decimal }) => decimal)).toEqual([
      undefined,
      '0.195',
      '2.99',
    ]);
  });

  it('reads day 00 as the end of the month, in the century nearest to the given year', () => {
    const dateOf = (yymmdd: string) => read(`(01)04012345000016(17)${yymmdd}`).fields[1]!.date;
    expect(dateOf('280200')).toBe('2028-02-29');
    expect(dateOf('760101')).toBe('2076-01-01');
    expect(dateOf('770101')).toBe('1977-01-01');
  });
});

describe('faults and their places', () => {
  it.each([
    ['(01)04012345000017(21)A', 'CHECK_DIGIT_WRONG', '01', 4],
    [' (01)04012345000016(17)271331', 'DATE_INVALID', '17', 25],
    [']d20104012345000016' + '21a b', 'CHARACTER_WRONG', '21', 22],
    ['0104012345000016' + '8812', 'AI_UNKNOWN', undefined, 16],
    ['https://id.gs1.org/01/04012345000017', 'CHECK_DIGIT_WRONG', '01', 22],
    ['https://id.gs1.org/01/04012345000016/21/A?17=271331', 'DATE_INVALID', '17', 47],
    [']Q1https://a.b/x/01/04012345000016/21/a%20b', 'CHARACTER_WRONG', '21', 39],
    ['https://id.gs1.org/01/04012345000016?10=L1', 'AI_NOT_IN_QUERY', '10', 40],
    ['(01)04012345000016(37)12', 'AI_EXCLUDED', '01', 4],
    ['urn:epc:id:sgtin:4012345.00001.A', 'URN_INVALID', undefined, undefined],
    [']E04012345000017', 'CHECK_DIGIT_WRONG', undefined, 15],
    ['', 'CODE_EMPTY', undefined, undefined],
  ])('%j: %s in (%s) at %s', (text, code, ai, index) => {
    const [first] = read(text).findings;
    expect([first?.level, first?.code, first?.ai, first?.index]).toEqual(['error', code, ai, index]);
  });

  it('reports every faulty value, not only the first', () => {
    const { findings } = read('(01)04012345000017(17)271331(21)a b');
    expect(findings.map(({ ai }) => ai)).toEqual(['01', '17', '21']);
  });
});

describe('suggestions', () => {
  it.each([
    ['0104012345000016{GS}21A', 'separator marker', '0104012345000016\u001d21A'],
    ['d20104012345000016' + '21A', 'symbology identifier', ']d20104012345000016' + '21A'],
    [']D20104012345000016' + '21A', 'symbology identifier', ']d20104012345000016' + '21A'],
    [']d2(01)04012345000016(21)A', 'symbology identifier', '(01)04012345000016(21)A'],
    ['id.gs1.org/01/04012345000016/21/A', 'scheme left out', 'https://id.gs1.org/01/04012345000016/21/A'],
    ['(01)4012345000016(21)A', 'leading zero lost', '(01)04012345000016(21)A'],
    ['(01)0401234500001(21)A', 'check digit left out', '(01)04012345000016(21)A'],
    ['(01)04O12345000016(21)A', 'letter for digit', '(01)04012345000016(21)A'],
    ['(01)04013245000016(21)A', 'digits swapped', '(01)04012345000016(21)A'],
    ['(01)04012345000016(17)312703(21)A', 'order of the date', '(01)04012345000016(17)310327(21)A'],
    ['https://a.b/01/04012345000016/21/A/10/L', 'order of the link', 'https://a.b/01/04012345000016/10/L/21/A'],
    ['https://a.b/01/04012345000016?10=L', 'order of the link', 'https://a.b/01/04012345000016/10/L'],
    ['https://a.b/01/04013245000016/21/A', 'digits swapped', 'https://a.b/01/04012345000016/21/A'],
    ['(01) 04012345000016 (21) A', 'blanks', '(01)04012345000016(21)A'],
    [`à&à'à&é"'(àààà&-é&a`, 'keyboard layout', '010401234500001621a'],
  ])('%j: %s', (text, mistake, code) => {
    expect(
      parseScan(text).ok && diagnoseCode(text, { thisYear: 2026 }).findings.every(({ level }) => level !== 'error'),
    ).toBe(false);
    expect(suggestionsFor(text)).toContainEqual({ mistake, code });
  });

  it('accepts a serial number that ends in an expiry, with a warning', () => {
    const reading = read('0104012345000016' + '21ABC12310L117270331');
    expect(reading.kind).toBe('sgtin');
    expect(reading.findings[0]).toMatchObject({
      level: 'warning',
      code: 'SEPARATOR_DOUBTFUL',
      meant: [{ mistake: 'missing separator', code: '0104012345000016' + '21ABC12310L1\u001d17270331' }],
    });
  });

  it('returns findings and few suggestions for arbitrary text', () => {
    const start = fc.constantFrom('', '(01)', ']d2', ']E0', '01', 'https://a/01/', 'urn:epc:id:sgtin:', '8');
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary', maxLength: 80 }), (head, tail) => {
        const reading = read(head + tail);
        expect(reading.fields.every(({ title }) => title !== undefined)).toBe(true);
        for (const { meant = [] } of reading.findings) expect(meant.length).toBeLessThanOrEqual(8);
        if (!parseScan(head + tail).ok && reading.digitalLink === undefined) {
          expect(reading.findings.some(({ code }) => code.length > 0)).toBe(true);
        }
      }),
    );
  });
});

describe('messages of scanners', () => {
  it('round-trip', () => {
    const elements = [
      { ai: '01', value: '04012345000016' },
      { ai: '10', value: 'L1' },
      { ai: '17', value: '270331' },
    ];
    for (const carrier of ['DataMatrix', 'QR', 'DotCode', 'GS1-128', 'DataBarExpanded'] as const) {
      const sent = writeScanner(carrier, { elements });
      expect(sent.ok && readScanner(sent.value)).toMatchObject({ ok: true, value: { carrier, elements } });
    }
  });

  it('hold the GTIN of an EAN symbol, and a composite component above it', () => {
    expect(parseScan(']E04012345000016')).toMatchObject({
      ok: true,
      value: { identifier: { gtin: '04012345000016' } },
    });
    expect(parseScan(']E04012345000016|]e010L1')).toMatchObject({ ok: true, value: { identifier: { kind: 'lgtin' } } });
    expect(parseScan(']E0401234500001')).toMatchObject({ ok: false, malformed: { code: 'LENGTH_WRONG' } });
    expect(parseScan(']I104012345000016')).toMatchObject({ ok: true, value: { identifier: { kind: 'gtin' } } });
  });
});

describe('national drug numbers', () => {
  const numbers = (bracketed: string) => read(bracketed).national;

  it.each([
    ['PZN', '01234562', '04150012345623'],
    ['NDC', '0002-1433-80', '00300021433802'],
    ['CIP', '3400930000014', '03400930000014'],
    ['CN', '654321', '08470006543214'],
  ] as const)('%s %s is %s', (scheme, number, gtin) => {
    expect(gtinOfNational(scheme, number)).toEqual({ ok: true, value: gtin });
    expect(numbers(`(01)${gtin}`)).toMatchObject([{ scheme, ai: '01', number: number.split('-').join('') }]);
  });

  it('are read from their own elements, with a warning for a wrong check digit', () => {
    expect(numbers('(01)04012345000016(710)01234562(716)A1')).toMatchObject([
      { scheme: 'PZN', country: 'DE', checked: true },
      { scheme: 'AIC', country: 'IT' },
    ]);
    expect(read('(01)04012345000016(710)01234563').findings).toContainEqual(
      expect.objectContaining({ level: 'warning', code: 'NATIONAL_CHECK_DIGIT', ai: '710' }),
    );
    expect(nationalNumbers([{ ai: '01', value: '04012345000016' }])).toEqual([]);
  });

  it('are refused when they do not fit their scheme', () => {
    expect(gtinOfNational('PZN', '01234563')).toMatchObject({ ok: false, malformed: { code: 'CHECK_DIGIT_WRONG' } });
    expect(gtinOfNational('NDC', '12345')).toMatchObject({ ok: false, malformed: { code: 'LENGTH_WRONG' } });
    expect(gtinOfNational('AIC', '012345678')).toMatchObject({ ok: false, malformed: { code: 'SCHEME_UNKNOWN' } });
  });
});
