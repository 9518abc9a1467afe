import fc from 'fast-check';
import { checkDigit, hasCheckDigit, parseGln, parseGtin, parseSscc } from '../index.js';

const digit = fc.constantFrom(...'0123456789');
const body = (length: number) => fc.string({ unit: digit, minLength: length, maxLength: length });

describe('check digits', () => {
  it.each([
    ['629104150021', '3'],
    ['401234500001', '6'],
    ['34012345111111111', '1'],
  ])('of %s is %s', (digits, expected) => expect(checkDigit(digits)).toBe(expected));

  it('throws RangeError for other characters than digits', () => {
    expect(() => checkDigit('12a')).toThrow(RangeError);
  });

  it.each([
    [13, parseGtin],
    [17, parseSscc],
    [12, parseGln],
  ])('detect every wrong digit of a key of %s + 1', (length, parse) => {
    fc.assert(
      fc.property(body(length), fc.nat(length), fc.integer({ min: 1, max: 9 }), (digits, at, difference) => {
        const key = digits + checkDigit(digits);
        const wrong = key.slice(0, at) + String((Number(key[at]) + difference) % 10) + key.slice(at + 1);
        expect(parse(key, 'key')).toEqual({ ok: true, value: key });
        expect(parse(wrong, 'key')).toMatchObject({
          ok: false,
          malformed: { code: 'CHECK_DIGIT_WRONG', field: 'key' },
        });
      }),
    );
  });

  it('detect every swap of neighbours that do not differ by five, the limit of the algorithm', () => {
    fc.assert(
      fc.property(body(13), fc.nat(12), (digits, at) => {
        const key = digits + checkDigit(digits);
        const swapped = key.slice(0, at) + key[at + 1]! + key[at]! + key.slice(at + 2);
        const difference = Math.abs(Number(key[at]) - Number(key[at + 1]));
        expect(hasCheckDigit(swapped)).toBe(difference === 0 || difference === 5);
      }),
    );
  });
});

describe('GTIN', () => {
  it('is parsed from four lengths to 14 digits', () => {
    expect(parseGtin('96385074')).toEqual({ ok: true, value: '00000096385074' });
    expect(parseGtin('614141000036')).toEqual({ ok: true, value: '00614141000036' });
    expect(parseGtin('4012345000016')).toEqual({ ok: true, value: '04012345000016' });
  });

  it.each([
    ['40123450000', 'LENGTH_WRONG'],
    ['401234500001x', 'NOT_DIGITS'],
    ['', 'NOT_DIGITS'],
    ['٤012345000016', 'NOT_DIGITS'],
  ])('refuses %j as %s', (text, code) => {
    expect(parseGtin(text)).toMatchObject({ ok: false, malformed: { code, field: 'gtin' } });
  });
});
