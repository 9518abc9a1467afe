import { toHex } from '@custos/core-bytes';
import { p256 } from '@noble/curves/nist.js';
import { publicKeyBytes, type PublicKey } from './keys.js';
import { isLowS, type SignatureCheck } from './signature.js';

// The reference implementation (L1.4): portable and slow. node:crypto and WebCrypto must give its answers.

export function referencePublicKey(privateKey: Uint8Array): PublicKey {
  return toHex(p256.getPublicKey(privateKey, true)) as PublicKey;
}

/** Deterministic (RFC 6979), low-s. */
export function referenceSign(message: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return p256.sign(message, privateKey, { lowS: true, prehash: true });
}

export function referenceVerify(check: SignatureCheck): boolean {
  if (!isLowS(check.signature)) return false;
  try {
    return p256.verify(check.signature, check.message, publicKeyBytes(check.publicKey), { lowS: true, prehash: true });
  } catch {
    return false;
  }
}
