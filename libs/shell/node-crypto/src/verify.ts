import { verify } from 'node:crypto';
import { isLowS, type SignatureCheck, type VerifySignatures } from '@custos/core-crypto';
import { toDer } from './der-signature.js';
import { keyObject } from './key-objects.js';

/**
 * Verifies on libuv's pool, so that the main thread stays free for votes. The rule of L1.2 comes first:
 * OpenSSL accepts a high `s`. True for no checks at all; a broken key or signature is a no, never a rejection.
 */
export const nodeVerify: VerifySignatures = async (checks) => {
  if (!checks.every((check) => isLowS(check.signature))) return false;
  const answers = await Promise.all(checks.map(verifyOne));
  return answers.every((answer) => answer);
};

function verifyOne(check: SignatureCheck): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const key = keyObject(check.publicKey);
      verify('sha256', check.message, key, toDer(check.signature), (error, valid) => resolve(!error && valid));
    } catch {
      // A point that is not on the curve does not parse.
      resolve(false);
    }
  });
}
