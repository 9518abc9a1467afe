import { checkCharacters, faultOf, findAi, hasCheckCharacters, parseBracketed } from '../index.js';
import { brokenExclusion, brokenRequirement, brokenSignature, findPattern } from './associations.js';

const fault = (ai: string, value: string) => faultOf(findAi(ai)!, value)?.fault;

describe('values by the checks of their components', () => {
  it.each([
    ['00', '012345678901234567', 'INCORRECT_CHECK_DIGIT'],
    ['01', '0401234500001', 'TOO_SHORT'],
    ['17', '270230', 'ILLEGAL_DAY'],
    ['17', '271300', 'ILLEGAL_MONTH'],
    ['17', '270200', undefined],
    ['4326', '270200', 'ILLEGAL_DAY'],
    ['7003', '2702282360', 'ILLEGAL_MINUTE'],
    ['7250', '20270229', 'ILLEGAL_DAY'],
    ['422', '276', undefined],
    ['422', '277', 'NOT_ISO3166'],
    ['7030', '999X', undefined],
    ['4307', 'DE', undefined],
    ['4307', 'de', 'NOT_ISO3166_ALPHA2'],
    ['3912', '9780100', undefined],
    ['3912', '0000100', 'NOT_ISO4217'],
    ['4330', '001200-', undefined],
    ['4330', '001200+', 'NOT_HYPHEN'],
    ['4300', 'Z%C3%BCrich', undefined],
    ['4300', '100%', 'INVALID_PERCENT_SEQUENCE'],
    ['7041', 'BX', undefined],
    ['7041', 'QZ', 'INVALID_PACKAGE_TYPE'],
    ['7241', '11', 'INVALID_MEDIA_TYPE'],
    ['7252', '3', 'INVALID_BIOLOGICAL_SEX_CODE'],
    ['7258', '3/2', 'POSITION_EXCEEDS_END'],
    ['7040', '1AB?', 'INVALID_IMPORT_IDX_CHARACTER'],
    ['8007', 'DE89370400440532013000', undefined],
    ['8007', 'DE88370400440532013000', 'INCORRECT_IBAN_CHECKSUM'],
    ['8007', 'XX89370400440532013000', 'ILLEGAL_IBAN_COUNTRY_CODE'],
    ['8011', '01', 'ILLEGAL_ZERO_PREFIX'],
    ['8013', '1987654Ad4X4bL5ttr2310c2K', undefined],
    ['8013', '1987654Ad4X4bL5ttr2310cK2', 'INCORRECT_CHECK_PAIR'],
    ['8014', '1234567', 'INCORRECT_CHECK_PAIR'],
    ['8030', 'AB-_', undefined],
    ['8030', 'AB=', undefined],
    ['8030', 'ABC=', 'INVALID_CSET64_PADDING'],
    ['8030', 'A=B', 'INVALID_CSET64_CHARACTER'],
    ['8110', '012345612345611110123', undefined],
    ['8110', '012345612345611110123' + '1011012', 'COUPON_TRUNCATED_2ND_PURCHASE_FAMILY_CODE'],
    ['8110', '01234561234561111012335006014500607', 'COUPON_EXPIRATION_BEFORE_START'],
    ['8112', '001234561234560123456', undefined],
    ['8112', '0012345612345601234567', 'COUPON_EXCESS_DATA'],
  ])('(%s)%s: %s', (ai, value, expected) => {
    expect(fault(ai, value)).toBe(expected);
  });

  it('states the index at which the fault begins', () => {
    expect(faultOf(findAi('253')!, '4012345000009a b')).toMatchObject({ at: 14, field: '(253)' });
    expect(faultOf(findAi('7003')!, '2702282460')).toMatchObject({ at: 6, fault: 'ILLEGAL_HOUR' });
  });

  it('computes the check characters of a model number and detects a swap', () => {
    expect(checkCharacters('1987654Ad4X4bL5ttr2310c')).toBe('2K');
    expect(hasCheckCharacters('1987654dA4X4bL5ttr2310c2K')).toBe(false);
    expect(checkCharacters('x'.repeat(24))).toBeUndefined();
  });
});

describe('rules between elements', () => {
  const elements = (bracketed: string) => {
    const result = parseBracketed(bracketed);
    if (!result.ok) throw new Error(JSON.stringify(result.malformed));
    return result.value;
  };

  it('finds an AI by pattern and skips the ignored one', () => {
    const list = elements('(3102)000195(3922)0299');
    expect(findPattern(list, '31nn')).toBe('3102');
    expect(findPattern(list, '310n', '3102')).toBeUndefined();
    expect(findPattern(list, '3nn')).toBeUndefined();
  });

  it('an item and the count of items in it exclude each other', () => {
    expect(brokenExclusion(elements('(01)04012345000016(37)12'))).toMatchObject({ code: 'AI_EXCLUDED', ai: '01' });
    expect(brokenExclusion(elements('(00)340123450000000000(02)04012345000016(37)12'))).toBeUndefined();
  });

  it('two measures of one kind exclude each other', () => {
    expect(brokenExclusion(elements('(01)04012345000016(3102)000195(3103)001950'))).toMatchObject({ ai: '3102' });
  });

  it('a lot requires a GTIN', () => {
    expect(brokenRequirement(elements('(10)L1'))).toMatchObject({ code: 'AI_REQUIRED', ai: '10' });
    expect(brokenRequirement(elements('(01)04012345000016(10)L1'))).toBeUndefined();
  });

  it('a set of required AIs is required as a whole', () => {
    expect(brokenRequirement(elements('(01)04012345000016(250)X'))).toMatchObject({ ai: '250' });
    expect(brokenRequirement(elements('(01)04012345000016(21)S(250)X'))).toBeUndefined();
  });

  it('a signature requires a key with a serial number', () => {
    expect(brokenSignature(elements('(253)4012345000009(8030)AB'))).toMatchObject({ code: 'KEY_NOT_SERIALISED' });
    expect(brokenSignature(elements('(253)40123450000091(8030)AB'))).toBeUndefined();
  });
});
