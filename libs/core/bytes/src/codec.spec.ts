import fc from 'fast-check';
import { attempt, compareBytes, fromHex, parseUtf8, Reader, toHex, utf8, Writer } from './index.js';

describe('hex', () => {
  it('round-trips', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(fromHex(toHex(bytes))).toEqual(bytes)));
  });

  it.each(['0', 'AB', 'zz', '0x', ' 00'])('refuses %j', (text) => expect(fromHex(text)).toBeUndefined());
});

describe('reader and writer', () => {
  it('round-trip every primitive', () => {
    const u64 = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(fc.nat(0xff), fc.nat(0xffff), fc.nat(0xffffffff), u64, fc.uint8Array(), (a, b, c, d, e) => {
        const reader = new Reader(new Writer(1).u8(a).u16(b).u32(c).u64(d).sized(e).finish());
        expect([reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.sized(1_000)]).toEqual([a, b, c, d, e]);
        reader.end();
      }),
    );
  });

  it('is big-endian', () => {
    expect(toHex(new Writer().u16(0x0102).u32(0x03040506).u64(0x0708090a0b0c).finish())).toBe(
      '01020304050600000708090a0b0c',
    );
  });

  it.each([
    ['a u64 above 2^53 - 1', '0020000000000000', (r: Reader) => r.u64(), 'NUMBER_TOO_LARGE'],
    ['a missing byte', '00', (r: Reader) => r.u16(), 'TRUNCATED'],
    ['a length beyond the end', '000000ff00', (r: Reader) => r.sized(1_000), 'TRUNCATED'],
    ['a length beyond the limit', '000000ff00', (r: Reader) => r.sized(10), 'TOO_LONG'],
    ['trailing bytes', '00', (r: Reader) => r.end(), 'TRAILING_BYTES'],
  ])('refuses %s', (_name, hex, read, code) => {
    expect(attempt<unknown>(() => read(new Reader(fromHex(hex)!)))).toMatchObject({ ok: false, malformed: { code } });
  });

  it('throws RangeError for a number that does not fit its size', () => {
    expect(() => new Writer().u8(256)).toThrow(RangeError);
  });
});

describe('text', () => {
  it('round-trips and orders by byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parseUtf8(utf8(text))).toEqual({ ok: true, value: text });
      }),
    );
    expect(compareBytes(utf8('a'), utf8('b'))).toBeLessThan(0);
    expect(compareBytes(utf8('a'), utf8('aa'))).toBeLessThan(0);
  });
});
