import { compareBytes, fromHex } from '@custos/core-bytes';
import type { KeyId, PublicKey } from './keys.js';

/** The length of a signature in bytes: `r || s`, 32 bytes each (L1.1). */
export const SIGNATURE_LENGTH = 64;

// n/2 of P-256, rounded down (SEC 2, 2.4.2).
const HALF_ORDER = fromHex('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8')!;

/**
 * Returns whether a signature has 64 bytes and `s <= n/2`, the first half of the acceptance rule (L1.2). Libraries
 * accept a high `s`, which would give one message two valid signatures.
 */
export function isLowS(signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_LENGTH && compareBytes(signature.subarray(32), HALF_ORDER) <= 0;
}

/** One signature that the core returns for verification; the shell verifies it. */
export interface SignatureCheck {
  readonly publicKey: PublicKey;
  /** The bytes `tag || 0 || x`; ECDSA hashes them with SHA-256 (L1.1). */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * The verifier that the shell passes in. Resolves to true only if every check holds; never rejects, whatever the bytes.
 */
export type VerifySignatures = (checks: readonly SignatureCheck[]) => Promise<boolean>;

/** The holder of one private key: a file, an HSM or a KMS (L1.5). Its signatures have a low `s` (L1.2). */
export interface Signer {
  readonly keyId: KeyId;
  readonly publicKey: PublicKey;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

declare const verifiedBrand: unique symbol;
/** A value whose signatures were verified. Only {@link markVerified} makes one. */
export type Verified<T> = T & { readonly [verifiedBrand]: true };

/**
 * Marks a value as verified. Call it only after {@link VerifySignatures} returned true for every check of the value.
 */
export function markVerified<T>(value: T): Verified<T> {
  return value as Verified<T>;
}
