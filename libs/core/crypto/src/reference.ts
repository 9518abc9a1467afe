import { toHex } from '@custos/core-bytes';
import { p256 } from '@noble/curves/nist.js';
import { publicKeyBytes, type PublicKey } from './keys.js';
import { isLowS, type SignatureCheck } from './signature.js';

// The reference implementation (L1.4): portable and slow. node:crypto and WebCrypto must give the same results.

/** Computes the public key of a private key of 32 bytes. @throws Error for a private key outside the range of P-256 */
export function referencePublicKey(privateKey: Uint8Array): PublicKey {
  return toHex(p256.getPublicKey(privateKey, true)) as PublicKey;
}

/** Signs a message: ECDSA with SHA-256, deterministic (RFC 6979), with low `s` (L1.2). Returns 64 bytes `r || s`. */
export function referenceSign(message: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return p256.sign(message, privateKey, { lowS: true, prehash: true });
}

/** Returns whether the signature is valid and has a low `s` (L1.2). Returns false for malformed bytes; never throws. */
export function referenceVerify(check: SignatureCheck): boolean {
  if (!isLowS(check.signature)) return false;
  try {
    return p256.verify(check.signature, check.message, publicKeyBytes(check.publicKey), { lowS: true, prehash: true });
  } catch {
    return false;
  }
}
