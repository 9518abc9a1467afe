import { concatBytes } from '@custos/core-bytes';

// ECDSA-Sig-Value of RFC 3279, 2.2.3: SEQUENCE { INTEGER r, INTEGER s }. Node takes `r || s` as well, but then
// keeps the whole verification on the main thread (seen with Node 24.21), so the two lines are written here.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const HALF = 32;

/** `r || s` of 64 bytes as DER. */
export function toDer(signature: Uint8Array): Uint8Array {
  const numbers = [integer(signature.subarray(0, HALF)), integer(signature.subarray(HALF))];
  // At most 2 x 35 bytes, so that each length is one byte.
  return concatBytes(new Uint8Array([SEQUENCE, numbers[0]!.length + numbers[1]!.length]), ...numbers);
}

/** Minimal, and positive: a zero byte in front where the first bit is set. */
function integer(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  const padding = digits[0]! >= 0x80 ? 1 : 0;
  const header = [INTEGER, digits.length + padding, ...(padding ? [0] : [])];
  return concatBytes(new Uint8Array(header), digits);
}

/** DER as OpenSSL writes it, as `r || s`. */
export function fromDer(der: Uint8Array): Uint8Array {
  const signature = new Uint8Array(2 * HALF);
  let at = 2;
  for (const end of [HALF, 2 * HALF]) {
    const length = der[at + 1]!;
    const digits = der.subarray(at + 2, at + 2 + length);
    const number = digits.length > HALF ? digits.subarray(digits.length - HALF) : digits;
    signature.set(number, end - number.length);
    at += 2 + length;
  }
  return signature;
}
