import fc from 'fast-check';
import { fromDer, toDer } from './der-signature.js';

const half = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  // Few bytes that count: where padding and trimming go wrong.
  fc.tuple(fc.nat(31), fc.nat(255)).map(([at, byte]) => new Uint8Array(32).fill(byte, at)),
);

describe('L1.1: r || s and DER', () => {
  it('are each the other', () => {
    fc.assert(
      fc.property(half, half, (r, s) => {
        const signature = new Uint8Array([...r, ...s]);
        expect(fromDer(toDer(signature))).toEqual(signature);
      }),
    );
  });

  it('DER is minimal and positive', () => {
    const signature = new Uint8Array(64);
    signature[31] = 0x80;
    signature[63] = 0x7f;
    expect([...toDer(signature)]).toEqual([0x30, 7, 2, 2, 0, 0x80, 2, 1, 0x7f]);
  });
});
