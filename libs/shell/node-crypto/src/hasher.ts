import crypto from 'node:crypto';
import { DIGEST_LENGTH, type Hasher } from '@custos/core-crypto';

type LatinWrite = (this: Uint8Array, text: string, offset: number, length: number) => number;

// A digest as a one-byte string costs a quarter of one as a Buffer: no ArrayBuffer is allocated for it.
const latin1Write = (Buffer.prototype as unknown as { latin1Write: LatinWrite }).latin1Write;

// Absent before Node 20.12; the slow path gives the same bytes.
const hasOneShot = 'hash' in crypto;

function fastInto(bytes: Uint8Array, target: Uint8Array, offset: number): void {
  if (offset + DIGEST_LENGTH > target.length) throw new RangeError('the target ends before the digest does');
  latin1Write.call(target, crypto.hash('sha256', bytes, 'binary'), offset, DIGEST_LENGTH);
}

const fastHasher: Hasher = {
  digest(bytes) {
    const digest = new Uint8Array(DIGEST_LENGTH);
    fastInto(bytes, digest, 0);
    return digest;
  },
  digestHex: (bytes) => crypto.hash('sha256', bytes, 'hex'),
  digestInto: fastInto,
};

/** The portable form of {@link nodeHasher}; exported for the test that holds both equal. */
export const streamHasher: Hasher = {
  digest: (bytes) => new Uint8Array(crypto.createHash('sha256').update(bytes).digest()),
  digestHex: (bytes) => crypto.createHash('sha256').update(bytes).digest('hex'),
  digestInto: (bytes, target, offset) => target.set(crypto.createHash('sha256').update(bytes).digest(), offset),
};

/** SHA-256 by OpenSSL. Throws RangeError when the target is too short, as every typed array does. */
export const nodeHasher: Hasher = hasOneShot ? fastHasher : streamHasher;
