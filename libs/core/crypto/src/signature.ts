import { compareBytes, fromHex } from '@custos/core-bytes';
import type { KeyId, PublicKey } from './keys.js';

/** `r || s`, 32 bytes each (L1.1). */
export const SIGNATURE_LENGTH = 64;

// n/2 of P-256, rounded down (SEC 2, 2.4.2).
const HALF_ORDER = fromHex('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8')!;

/**
 * The first half of the one acceptance rule (L1.2): 64 bytes with `s <= n/2`. Libraries accept a high `s`,
 * which would give one message two valid signatures.
 */
export function isLowS(signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_LENGTH && compareBytes(signature.subarray(32), HALF_ORDER) <= 0;
}

/** What the core asks the shell to verify; the core never verifies by itself. */
export interface SignatureCheck {
  readonly publicKey: PublicKey;
  /** `tag || 0 || x`: ECDSA hashes it with SHA-256. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** The shell's answer: true only when every check holds. Resolves, never rejects, whatever the bytes are. */
export type VerifySignatures = (checks: readonly SignatureCheck[]) => Promise<boolean>;

/** A holder of one private key; an HSM or KMS can stand behind it. Signatures are low-s (L1.2). */
export interface Signer {
  readonly keyId: KeyId;
  readonly publicKey: PublicKey;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

declare const verifiedBrand: unique symbol;
/** A value whose signatures were verified; only {@link markVerified} makes one, after the shell verified them. */
export type Verified<T> = T & { readonly [verifiedBrand]: true };

export function markVerified<T>(value: T): Verified<T> {
  return value as Verified<T>;
}
