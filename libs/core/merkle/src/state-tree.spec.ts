import fc from 'fast-check';
import { utf8 } from '@custos/core-bytes';
import { digestBytes, referenceHasher as hasher, taggedHash, ZERO_DIGEST, type Digest } from '@custos/core-crypto';
import {
  decodeStateProof,
  EMPTY_TREE,
  encodeStateProof,
  StateTree,
  verifyStateProof,
  type StateProof,
  type TreeRoot,
} from './index.js';
import { bitOf } from './state-proof.js';

type Pairs = ReadonlyMap<string, string>;
interface Leaf {
  readonly k: Uint8Array;
  readonly hash: Digest;
}

// L6.6 word for word: a recursive function of the set of pairs, without a tree.
function definedRoot(pairs: Pairs): Digest {
  const leaves = [...pairs].map(([key, value]) => {
    const k = digestBytes(taggedHash(hasher, 'custos/state-key/1', utf8(key)));
    const valueHash = digestBytes(taggedHash(hasher, 'custos/value/1', utf8(value)));
    return { k, hash: taggedHash(hasher, 'custos/leaf/1', k, valueHash) };
  });
  return definedSubtree(leaves, 0);
}

function definedSubtree(leaves: readonly Leaf[], depth: number): Digest {
  if (leaves.length === 0) return ZERO_DIGEST;
  if (leaves.length === 1) return leaves[0]!.hash;
  const left = leaves.filter(({ k }) => bitOf(k, depth) === 0);
  const right = leaves.filter(({ k }) => bitOf(k, depth) === 1);
  return taggedHash(
    hasher,
    'custos/node/1',
    digestBytes(definedSubtree(left, depth + 1)),
    digestBytes(definedSubtree(right, depth + 1)),
  );
}

const key = fc.nat(60).map((n) => `unit/${n}`);
const value = fc.nat(3).map((n) => `{"v":${n}}`);
const batch = fc.dictionary(key, fc.option(value, { nil: undefined }), { maxKeys: 40 });
const fill = fc.dictionary(key, value, { maxKeys: 60 });

const writesOf = (changes: Record<string, string | undefined>) =>
  Object.entries(changes).map(([k, v]) => ({ key: k, value: v }));

function written(pairs: Pairs, changes: Record<string, string | undefined>): Pairs {
  const next = new Map(pairs);
  for (const [k, v] of Object.entries(changes)) {
    if (v === undefined) next.delete(k);
    else next.set(k, v);
  }
  return next;
}

describe('L6.6 state tree', () => {
  it('L6.6: every version has the root that the set of pairs defines, and keeps it', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
        const tree = new StateTree(hasher);
        const versions: { root: TreeRoot; pairs: Pairs }[] = [{ root: EMPTY_TREE, pairs: new Map() }];
        for (const changes of batches) {
          const { root, pairs } = versions.at(-1)!;
          versions.push({ root: tree.apply(root, writesOf(changes)), pairs: written(pairs, changes) });
        }
        for (const { root, pairs } of versions) {
          expect(tree.rootHash(root)).toBe(definedRoot(pairs));
          expect(tree.size(root)).toBe(pairs.size);
        }
        for (const { root } of versions) tree.release(root);
        expect(tree.liveNodes).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('L6.8: versions branch, and are freed in any order without touching the others', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), batch), { maxLength: 8 }), fc.nat(), (steps, seed) => {
        const tree = new StateTree(hasher);
        let versions: { root: TreeRoot; hash: Digest; pairs: Pairs }[] = [
          { root: EMPTY_TREE, hash: ZERO_DIGEST, pairs: new Map() },
        ];
        for (const [from, changes] of steps) {
          const parent = versions[from % versions.length]!;
          const root = tree.apply(parent.root, writesOf(changes));
          versions.push({ root, hash: tree.rootHash(root), pairs: written(parent.pairs, changes) });
        }
        for (let i = seed; versions.length > 0; i = i * 31 + 7) {
          const gone = versions[i % versions.length]!;
          versions = versions.filter((version) => version !== gone);
          tree.release(gone.root);
          // New nodes reuse freed ones: an old version that still pointed there would change.
          const probe = tree.apply(EMPTY_TREE, writesOf({ a: '1', b: '2', c: '3' }));
          for (const { root, hash } of versions) expect(tree.rootHash(root)).toBe(hash);
          for (const { root, pairs, hash } of versions) {
            for (const [k, v] of pairs) expect(verifyStateProof(hasher, hash, k, v, tree.prove(root, k))).toBe(true);
          }
          tree.release(probe);
        }
        expect(tree.liveNodes).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('L6.6: one batch and single writes in any order give the same root', () => {
    fc.assert(
      fc.property(
        batch.chain((changes) => fc.shuffledSubarray(writesOf(changes), { minLength: 0 })),
        (writes) => {
          const tree = new StateTree(hasher);
          const together = tree.apply(EMPTY_TREE, writes);
          let single = EMPTY_TREE;
          for (const write of writes) {
            const next = tree.apply(single, [write]);
            tree.release(single);
            single = next;
          }
          expect(tree.rootHash(single)).toBe(tree.rootHash(together));
          // A batch that changes nothing makes no node.
          const before = tree.liveNodes;
          const same = tree.apply(single, writes);
          expect([same, tree.liveNodes]).toEqual([single, before]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a key written twice, and a root that was freed', () => {
    const tree = new StateTree(hasher);
    expect(() => tree.apply(EMPTY_TREE, [write('a', '1'), write('a', '2')])).toThrow(RangeError);
    const root = tree.apply(EMPTY_TREE, [write('a', '1')]);
    tree.retain(root);
    tree.release(root);
    tree.release(root);
    expect(() => tree.release(root)).toThrow(RangeError);
    expect(() => tree.retain(root)).toThrow(RangeError);
  });

  it('grows past its first capacity', () => {
    const tree = new StateTree(hasher);
    const pairs = new Map(Array.from({ length: 3000 }, (_, i) => [`unit/${i}`, `${i}`] as const));
    const root = tree.apply(EMPTY_TREE, writesOf(Object.fromEntries(pairs)));
    expect(tree.rootHash(root)).toBe(definedRoot(pairs));
    tree.close();
    expect(tree.liveNodes).toBe(0);
  });
});

const write = (k: string, v: string | undefined) => ({ key: k, value: v });
const flip = (digest: Digest): Digest => ((digest[0] === '0' ? '1' : '0') + digest.slice(1)) as Digest;

describe('L6.7 state proofs', () => {
  it('L6.7: a proof verifies only for the value or the absence that the tree has', () => {
    fc.assert(
      fc.property(fill, key, value, (pairs, asked, other) => {
        const tree = new StateTree(hasher);
        const root = tree.apply(EMPTY_TREE, writesOf(pairs));
        const hash = tree.rootHash(root);
        const proof = tree.prove(root, asked);
        const held = pairs[asked];
        expect(verifyStateProof(hasher, hash, asked, held, proof)).toBe(true);
        if (held !== other) expect(verifyStateProof(hasher, hash, asked, other, proof)).toBe(false);
        if (held !== undefined) expect(verifyStateProof(hasher, hash, asked, undefined, proof)).toBe(false);
        expect(verifyStateProof(hasher, flip(hash), asked, held, proof)).toBe(false);
        expect(decodeStateProof(encodeStateProof(proof))).toEqual({ ok: true, value: proof });
      }),
    );
  });

  it('L6.7: refuses a proof in which anything was changed, removed or added', () => {
    fc.assert(
      fc.property(fill, key, (pairs, asked) => {
        const tree = new StateTree(hasher);
        const root = tree.apply(EMPTY_TREE, writesOf(pairs));
        const hash = tree.rootHash(root);
        const proof = tree.prove(root, asked);
        for (const forged of forgeries(proof)) {
          for (const claim of [undefined, '{"v":0}', '{"v":1}', '{"v":2}', '{"v":3}']) {
            expect(verifyStateProof(hasher, hash, asked, claim, forged)).toBe(false);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('L6.7: refuses a proof of absence by the leaf of a key at another place', () => {
    fc.assert(
      fc.property(fill, key, key, (pairs, asked, other) => {
        const tree = new StateTree(hasher);
        const root = tree.apply(EMPTY_TREE, writesOf({ ...pairs, [asked]: '{"v":9}' }));
        const hash = tree.rootHash(root);
        expect(verifyStateProof(hasher, hash, asked, undefined, tree.prove(root, other))).toBe(false);
      }),
    );
  });

  it('L6.7: proves presence and absence in trees of no key and one key', () => {
    const tree = new StateTree(hasher);
    const none: StateProof = { siblings: [], leaf: undefined };
    expect(tree.prove(EMPTY_TREE, 'a')).toEqual(none);
    expect(verifyStateProof(hasher, ZERO_DIGEST, 'a', undefined, none)).toBe(true);
    const one = tree.apply(EMPTY_TREE, [write('a', '1')]);
    expect(tree.prove(one, 'b').siblings).toEqual([]);
    expect(verifyStateProof(hasher, tree.rootHash(one), 'b', undefined, tree.prove(one, 'b'))).toBe(true);
    expect(verifyStateProof(hasher, tree.rootHash(one), 'b', undefined, none)).toBe(false);
  });

  it('L6.7: decodes or refuses arbitrary and mutated bytes, and one value has one encoding', () => {
    const tree = new StateTree(hasher);
    const root = tree.apply(
      EMPTY_TREE,
      writesOf(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}`, '1']))),
    );
    const good = encodeStateProof(tree.prove(root, '7'));
    const mutated = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => good.with(at, byte));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        const result = decodeStateProof(bytes);
        if (result.ok) expect(encodeStateProof(result.value)).toEqual(bytes);
        else expect(result.malformed.code).toMatch(/^[A-Z_]+$/);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['0101' + '00'.repeat(33) + '00', 'PROOF_TOO_DEEP'],
    ['0001' + '40' + '00', 'SPARE_BITS'],
    ['0001' + '80' + '00'.repeat(32) + '00', 'SIBLING_EMPTY'],
    ['0000' + '02', 'MARK_INVALID'],
    ['0000' + '00' + '00', 'TRAILING_BYTES'],
    ['0000' + '01', 'TRUNCATED'],
  ])('L6.7: refuses %s as %s', (hex, code) => {
    const bytes = Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
    expect(decodeStateProof(bytes)).toMatchObject({ ok: false, malformed: { code } });
  });
});

function* forgeries({ siblings, leaf }: StateProof): Generator<StateProof> {
  for (let i = 0; i < siblings.length; i++) {
    yield { siblings: siblings.with(i, flip(siblings[i]!)), leaf };
    if (siblings[i] !== ZERO_DIGEST) yield { siblings: siblings.with(i, ZERO_DIGEST), leaf };
    yield { siblings: siblings.toSpliced(i, 1), leaf };
    yield { siblings: siblings.slice(0, i), leaf: undefined };
    yield { siblings: siblings.slice(0, i), leaf };
  }
  yield { siblings: [...siblings, ZERO_DIGEST], leaf };
  yield { siblings: Array.from({ length: 257 }, () => ZERO_DIGEST), leaf };
  if (!leaf) return;
  yield { siblings, leaf: undefined };
  yield { siblings, leaf: { ...leaf, key: flip(leaf.key) } };
  yield { siblings, leaf: { ...leaf, valueHash: flip(leaf.valueHash) } };
}
