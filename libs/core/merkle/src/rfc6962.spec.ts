import fc from 'fast-check';
import { fromHex, toHex, utf8 } from '@custos/core-bytes';
import { referenceHasher as hasher, ZERO_DIGEST, type Digest } from '@custos/core-crypto';
import {
  appendToEdge,
  consistencyProof,
  EMPTY_EDGE,
  edgeRoot,
  inclusionProof,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from './index.js';
import { leafHash, nodeHash } from './rfc6962.js';

const numbered = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => utf8(`leaf ${i}`));
const flip = (digest: Digest): Digest => ((digest[0] === '0' ? '1' : '0') + digest.slice(1)) as Digest;
const SIZES = Array.from({ length: 20 }, (_, i) => i);

// MTH of RFC 6962, 2.1, word for word.
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hasher.digest(new Uint8Array(0));
  if (leaves.length === 1) return leafHash(hasher, leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(hasher, definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

describe('L3.2 RFC 6962 trees', () => {
  it('L3.2: agree with the test vectors of Certificate Transparency', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const roots = [
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    const bytes = leaves.map((hex) => fromHex(hex)!);
    roots.forEach((root, size) => expect(merkleRoot(hasher, bytes.slice(0, size))).toBe(root));
  });

  it('L3.2: root and edge equal the recursive definition, for every size', () => {
    let edge = EMPTY_EDGE;
    for (const size of SIZES) {
      const leaves = numbered(size);
      expect(merkleRoot(hasher, leaves)).toBe(toHex(definedRoot(leaves)));
      expect(edgeRoot(hasher, edge)).toBe(merkleRoot(hasher, leaves));
      expect(edge.size).toBe(size);
      edge = appendToEdge(hasher, edge, utf8(`leaf ${size}`));
    }
  });

  it('L3.2: an inclusion proof verifies for its leaf only', () => {
    for (const size of SIZES) {
      const leaves = numbered(size);
      const root = merkleRoot(hasher, leaves);
      leaves.forEach((leaf, index) => {
        const proof = inclusionProof(hasher, leaves, index);
        expect(verifyInclusion(hasher, leaf, proof, root)).toBe(true);
        expect(verifyInclusion(hasher, utf8('another'), proof, root)).toBe(false);
        expect(verifyInclusion(hasher, leaf, { ...proof, path: [...proof.path, ZERO_DIGEST] }, root)).toBe(false);
        proof.path.forEach((digest, i) => {
          expect(verifyInclusion(hasher, leaf, { ...proof, path: proof.path.with(i, flip(digest)) }, root)).toBe(false);
        });
        for (const other of leaves.keys()) {
          if (other !== index) expect(verifyInclusion(hasher, leaf, { ...proof, index: other }, root)).toBe(false);
        }
        if (size > 1) expect(verifyInclusion(hasher, leaf, { ...proof, path: proof.path.slice(1) }, root)).toBe(false);
      });
    }
    expect(() => inclusionProof(hasher, numbered(3), 3)).toThrow(RangeError);
  });

  it('L3.2: a consistency proof verifies for a prefix only', () => {
    for (const size of SIZES) {
      const leaves = numbered(size);
      const root = merkleRoot(hasher, leaves);
      for (let old = 0; old <= size; old++) {
        const oldRoot = merkleRoot(hasher, leaves.slice(0, old));
        const proof = consistencyProof(hasher, leaves, old);
        expect(verifyConsistency(hasher, old, oldRoot, size, root, proof)).toBe(true);
        expect(verifyConsistency(hasher, old, flip(oldRoot), size, root, proof)).toBe(false);
        expect(verifyConsistency(hasher, old, oldRoot, size, root, [...proof, ZERO_DIGEST])).toBe(false);
        if (old > 0 && old < size) expect(verifyConsistency(hasher, old, oldRoot, size, flip(root), proof)).toBe(false);
        proof.forEach((digest, i) => {
          expect(verifyConsistency(hasher, old, oldRoot, size, root, proof.with(i, flip(digest)))).toBe(false);
        });
      }
    }
    expect(() => consistencyProof(hasher, numbered(2), 3)).toThrow(RangeError);
  });

  it('L3.2: refuses proofs of any shape without throwing', () => {
    const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toHex(bytes) as Digest);
    const size = fc.oneof(fc.nat(40), fc.maxSafeNat(), fc.constantFrom(-1, 0.5, NaN, Infinity));
    fc.assert(
      fc.property(size, size, digest, digest, fc.array(digest, { maxLength: 60 }), (a, b, old, root, path) => {
        expect(verifyInclusion(hasher, utf8('x'), { index: a, size: b, path }, root)).toBe(false);
        expect(verifyConsistency(hasher, a, old, b, root, path)).toBe(false);
      }),
    );
  });
});
