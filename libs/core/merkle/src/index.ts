export { appendToEdge, EMPTY_EDGE, edgeRoot, type Edge } from './history-edge.js';
export {
  consistencyProof,
  inclusionProof,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
  type InclusionProof,
} from './rfc6962.js';
export { MAX_NODES } from './state-arena.js';
export {
  decodeStateProof,
  encodeStateProof,
  MAX_PROOF_DEPTH,
  verifyStateProof,
  type StateProof,
} from './state-proof.js';
export { EMPTY_TREE, StateTree, type TreeRoot, type TreeWrite } from './state-tree.js';
