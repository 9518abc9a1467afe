export {
  DIGEST_LENGTH,
  digestAt,
  digestBytes,
  digestOf,
  parseDigest,
  readDigest,
  ZERO_DIGEST,
  type Digest,
} from './digest.js';
export { referenceHasher, type Hasher } from './hasher.js';
export { keyIdOf, parsePublicKey, publicKeyBytes, type KeyId, type PublicKey } from './keys.js';
export { referencePublicKey, referenceSign, referenceVerify } from './reference.js';
export { commitment, isSealed, sealedValue } from './seal.js';
export {
  isLowS,
  markVerified,
  SIGNATURE_LENGTH,
  type SignatureCheck,
  type Signer,
  type Verified,
  type VerifySignatures,
} from './signature.js';
export { plainHash, taggedHash, taggedMessage, TAGS, type Tag } from './tagged.js';
