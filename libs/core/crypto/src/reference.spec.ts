import fc from 'fast-check';
import { concatBytes, fromHex, toHex, utf8 } from '@custos/core-bytes';
import {
  isLowS,
  keyIdOf,
  parsePublicKey,
  referenceHasher,
  referencePublicKey,
  referenceSign,
  referenceVerify,
  sealedValue,
  isSealed,
  taggedHash,
  taggedMessage,
  TAGS,
} from './index.js';

const privateKey = new Uint8Array(32).fill(7);
const publicKey = referencePublicKey(privateKey);

describe('L1 keys and signatures', () => {
  it('L1.2: a signature verifies and has a low s', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (x) => {
        const message = taggedMessage('custos/tx/1', x);
        const signature = referenceSign(message, privateKey);
        expect(isLowS(signature)).toBe(true);
        expect(referenceVerify({ publicKey, message, signature })).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('L1.2: the high-s twin of a valid signature is refused', () => {
    const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const message = taggedMessage('custos/tx/1', utf8('x'));
    const signature = referenceSign(message, privateKey);
    const s = order - BigInt('0x' + toHex(signature.subarray(32)));
    const twin = new Uint8Array([...signature.subarray(0, 32), ...fromHex(s.toString(16).padStart(64, '0'))!]);
    expect(isLowS(twin)).toBe(false);
    expect(referenceVerify({ publicKey, message, signature: twin })).toBe(false);
  });

  it('a signature binds its tag', () => {
    const signature = referenceSign(taggedMessage('custos/tx/1', utf8('x')), privateKey);
    expect(referenceVerify({ publicKey, message: taggedMessage('custos/vote/1', utf8('x')), signature })).toBe(false);
  });

  it('refuses malformed signatures and keys without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (signature) => {
        expect(referenceVerify({ publicKey, message: utf8('x'), signature })).toBe(false);
      }),
      { numRuns: 50 },
    );
    expect(parsePublicKey('02' + 'ff'.repeat(32), '/key')).toMatchObject({ ok: false });
    expect(parsePublicKey(publicKey.toUpperCase(), '/key')).toMatchObject({ ok: false });
    expect(parsePublicKey(publicKey, '/key')).toEqual({ ok: true, value: publicKey });
  });

  it('L1.1: H(tag, x) is SHA-256 of the tag, a zero byte and x', () => {
    const expected = toHex(referenceHasher.digest(utf8('custos/block/1\0abc')));
    expect(taggedHash(referenceHasher, 'custos/block/1', utf8('abc'))).toBe(expected);
    expect(new Set(TAGS).size).toBe(TAGS.length);
  });

  it('L1.1: holds for x of any length, and a text counts as its UTF-8', () => {
    const long = fc.nat({ max: 2_500 }).map((length) => 'ab€'.repeat(length));
    fc.assert(
      fc.property(fc.uint8Array(), fc.oneof(fc.string({ unit: 'grapheme' }), long), (bytes, text) => {
        const expected = toHex(referenceHasher.digest(concatBytes(utf8('custos/seal/1\0'), bytes, utf8(text))));
        expect(taggedHash(referenceHasher, 'custos/seal/1', bytes, text)).toBe(expected);
        expect(taggedHash(referenceHasher, 'custos/seal/1', bytes, utf8(text))).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('L1.5: the key id is a hash of the compressed key', () => {
    expect(keyIdOf(referenceHasher, publicKey)).toBe(taggedHash(referenceHasher, 'custos/key/1', fromHex(publicKey)!));
  });

  it('L2.8: only a sealed value is recognised as sealed', () => {
    const sealed = sealedValue(referenceHasher, new Uint8Array(32), 'urn:epc:id:gsrnp:4012345.0000000001');
    expect(isSealed(sealed)).toBe(true);
    for (const other of ['urn:custos:sealed:', sealed + '0', sealed.toUpperCase(), 7, null])
      expect(isSealed(other)).toBe(false);
  });
});
