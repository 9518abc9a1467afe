import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex, utf8 } from '@custos/core-bytes';
import { referenceHasher as hasher } from '@custos/core-crypto';
import {
  consistencyProof,
  EMPTY_TREE,
  encodeStateProof,
  inclusionProof,
  merkleRoot,
  StateTree,
  type TreeRoot,
} from './index.js';

// Changing these bytes is changing the format (LEDGER, head): only CUSTOS_WRITE_VECTORS=1 rewrites them.
const FILE = join(process.cwd(), '../../../vectors/merkle.json');

function rfc6962Vectors() {
  return [0, 1, 2, 3, 5, 8].map((size) => {
    const leaves = Array.from({ length: size }, (_, i) => utf8(`leaf ${i}`));
    return {
      leaves: leaves.map(toHex),
      root: merkleRoot(hasher, leaves),
      inclusion: leaves.map((_, index) => inclusionProof(hasher, leaves, index).path),
      consistency: Array.from({ length: size + 1 }, (_, old) => consistencyProof(hasher, leaves, old)),
    };
  });
}

function stateTreeVectors() {
  const tree = new StateTree(hasher);
  const asked = ['unit/01/04012345000016/21/1', 'unit/01/04012345000016/21/9', 'party/4012345000009'];
  const version = (root: TreeRoot) => ({
    root: tree.rootHash(root),
    proofs: asked.map((key) => ({ key, proof: toHex(encodeStateProof(tree.prove(root, key))) })),
  });
  const packs = Array.from({ length: 5 }, (_, i) => ({
    key: `unit/01/04012345000016/21/${i}`,
    value: `{"public":{"lifecycle":"active","n":${i}}}`,
  }));
  const one = tree.apply(EMPTY_TREE, packs.slice(1, 2));
  const five = tree.apply(one, packs);
  const four = tree.apply(five, [{ key: packs[1]!.key, value: undefined }]);
  const writes = [packs.slice(1, 2), packs, [{ key: packs[1]!.key, value: null }]];
  return [EMPTY_TREE, one, five, four].map((root, i) => ({ writes: i === 0 ? [] : writes[i - 1]!, ...version(root) }));
}

it('L6.6, L6.7, L3.2: agree with the golden vectors', () => {
  const made = JSON.stringify({ rfc6962: rfc6962Vectors(), stateTree: stateTreeVectors() }, undefined, 1) + '\n';
  if (process.env.CUSTOS_WRITE_VECTORS === '1') writeFileSync(FILE, made);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(made));
});
