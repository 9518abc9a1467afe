import { createPublicKey, type KeyObject } from 'node:crypto';
import { concatBytes, fromHex } from '@custos/core-bytes';
import { publicKeyBytes, type PublicKey } from '@custos/core-crypto';

/** Parsed keys kept: every key of a network of thousands of organisations, some 10 MB at most. */
const MAX_KEY_OBJECTS = 4_096;

// SubjectPublicKeyInfo of a compressed P-256 point up to the point itself (RFC 5480, 2).
const SPKI_HEAD = fromHex('3039301306072a8648ce3d020106082a8648ce3d030107032200')!;

const keyObjects = new Map<PublicKey, KeyObject>();

/** Parsing decompresses the point, which costs as much as half a verification: so parsed keys are kept. */
export function keyObject(key: PublicKey): KeyObject {
  const known = keyObjects.get(key);
  if (known) return known;
  const made = createPublicKey({
    key: Buffer.from(concatBytes(SPKI_HEAD, publicKeyBytes(key))),
    format: 'der',
    type: 'spki',
  });
  // First in, first out: keys that are used a lot come back at once, and an attacker cannot grow the map.
  if (keyObjects.size >= MAX_KEY_OBJECTS) keyObjects.delete(keyObjects.keys().next().value!);
  keyObjects.set(key, made);
  return made;
}
