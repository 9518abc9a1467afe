import { concatBytes } from '@custos/core-bytes';
import { publicKeyBytes, type PublicKey, type SignatureCheck, type Signer } from '@custos/core-crypto';
import { nodeHasher, signerFromPrivateKey } from '@custos/shell-node-crypto';

/**
 * Signatures for simulations: the same twice, and quick. Real ECDSA is random and runs beside virtual time. Like a
 * real one it binds key and message; unlike one, anybody could make it: adversaries here keep to their own key.
 */
function signatureOf(publicKey: PublicKey, message: Uint8Array): Uint8Array {
  const digest = nodeHasher.digest(concatBytes(publicKeyBytes(publicKey), message));
  const signature = new Uint8Array(64);
  signature.set(digest, 0);
  // The lower half stays small: a low s, as L1.2 wants it.
  signature.set(digest.subarray(1), 33);
  return signature;
}

/** A signer with a real public key, since codecs look at it, and signatures as above. */
export function simulatedSigner(number: number): Signer {
  const { keyId, publicKey } = signerFromPrivateKey(number.toString(16).padStart(64, '0'));
  return { keyId, publicKey, sign: (message) => Promise.resolve(signatureOf(publicKey, message)) };
}

export function simulatedVerify(checks: readonly SignatureCheck[]): Promise<boolean> {
  return Promise.resolve(
    checks.every(({ publicKey, message, signature }) => {
      const expected = signatureOf(publicKey, message);
      return signature.length === expected.length && signature.every((byte, i) => byte === expected[i]);
    }),
  );
}
