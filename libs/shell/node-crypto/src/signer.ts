import { createECDH, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { fromHex, toHex } from '@custos/core-bytes';
import { isLowS, keyIdOf, type PublicKey, type Signer } from '@custos/core-crypto';
import { fromDer } from './der-signature.js';
import { nodeHasher } from './hasher.js';

/** A P-256 scalar as 64 lower-case hex digits. Secret: it stays in key files and in memory. */
export type PrivateKey = string & { readonly privateKey: unique symbol };

const SCALAR_LENGTH = 32;
// n of P-256 (SEC 2, 2.4.2).
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Generates a P-256 private key as 64 lower-case hex digits. */
export function generatePrivateKey(): PrivateKey {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return toHex(Buffer.from(jwk.d!, 'base64url')) as PrivateKey;
}

/** Undefined for anything but 32 bytes of hex that are a scalar of the curve: 1 to n - 1. */
export function parsePrivateKey(text: string): PrivateKey | undefined {
  const bytes = text.length === 2 * SCALAR_LENGTH ? fromHex(text) : undefined;
  if (!bytes) return undefined;
  const scalar = BigInt(`0x${text}`);
  return scalar > 0n && scalar < ORDER ? (text as PrivateKey) : undefined;
}

/** Throws RangeError when the text is no private key; see {@link parsePrivateKey}. */
export function signerFromPrivateKey(text: string): Signer {
  const privateKey = parsePrivateKey(text);
  if (!privateKey) throw new RangeError('a private key is a P-256 scalar as 64 lower-case hex digits');
  const scalar = Buffer.from(privateKey, 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(scalar);
  const point = curve.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: scalar.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicKey = curve.getPublicKey('hex', 'compressed') as PublicKey;
  return {
    publicKey,
    keyId: keyIdOf(nodeHasher, publicKey),
    sign: (message) =>
      new Promise((resolve, reject) => {
        sign('sha256', message, key, (error, signature) => (error ? reject(error) : resolve(lowS(fromDer(signature)))));
      }),
  };
}

// L1.2: (r, n - s) is as valid as (r, s), so signers give the smaller one and verifiers take no other.
function lowS(signature: Uint8Array): Uint8Array {
  const normal = new Uint8Array(signature);
  if (isLowS(normal)) return normal;
  const s = ORDER - BigInt(`0x${toHex(normal.subarray(SCALAR_LENGTH))}`);
  normal.set(fromHex(s.toString(16).padStart(2 * SCALAR_LENGTH, '0'))!, SCALAR_LENGTH);
  return normal;
}
