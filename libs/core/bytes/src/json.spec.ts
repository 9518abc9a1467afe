import fc from 'fast-check';
import { canonicalBytes, canonicalJson, parseCanonicalJson, parseJson, utf8, type Json } from './index.js';

const codeOf = (text: string, parse = parseCanonicalJson): string => {
  const result = parse(utf8(text));
  return result.ok ? 'ok' : result.malformed.code;
};

describe('L2.4 canonical JSON', () => {
  it('agrees with the examples of RFC 8785, 3.2', () => {
    const value = { numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27], literals: [null, true, false] };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
    );
    expect(
      canonicalJson({ '€': 'Euro', '\r': 'CR', '\ufb33': 'Hebrew', '1': 'One', '😀': 'Smiley', '\u0080': 'C', ö: 'o' }),
    ).toBe('{"\\r":"CR","1":"One","\u0080":"C","ö":"o","€":"Euro","😀":"Smiley","\ufb33":"Hebrew"}');
  });

  it('round-trips every value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const result = parseCanonicalJson(canonicalBytes(value as Json));
        expect(result.ok && canonicalJson(result.value)).toBe(canonicalJson(value as Json));
      }),
    );
  });

  it.each([
    ['{"b":1,"a":2}', 'JSON_NOT_CANONICAL'],
    ['{"a":1,"a":1}', 'JSON_NOT_CANONICAL'],
    ['{ "a":1}', 'JSON_NOT_CANONICAL'],
    ['1.0', 'JSON_NOT_CANONICAL'],
    ['-0', 'JSON_NOT_CANONICAL'],
    ['"\\ud800"', 'TEXT_INVALID'],
    ['{"\\udc00":1}', 'TEXT_INVALID'],
    ['1e999', 'NUMBER_TOO_LARGE'],
    ['{', 'JSON_INVALID'],
    ['', 'JSON_INVALID'],
    ['['.repeat(33) + ']'.repeat(33), 'JSON_TOO_DEEP'],
    ['['.repeat(100_000), 'JSON_TOO_DEEP'],
  ])('refuses %j', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('refuses bytes that are not UTF-8', () => {
    const result = parseJson(new Uint8Array([0x22, 0xc0, 0x80, 0x22]));
    expect(result).toMatchObject({ ok: false, malformed: { code: 'UTF8_INVALID' } });
  });

  it('keeps a member called __proto__', () => {
    expect(codeOf('{"__proto__":{"a":1}}')).toBe('ok');
  });

  it('parses or refuses arbitrary bytes without throwing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof parseJson(bytes).ok === 'boolean'));
  });
});
