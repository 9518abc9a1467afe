export { appendToEdge, EMPTY_EDGE, edgeRoot, type Edge } from './history-edge.js';
export {
  consistencyProof,
  inclusionProof,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
  type InclusionProof,
} from './rfc6962.js';
export { decodeStateProof, encodeStateProof, verifyStateProof, type StateProof } from './state-proof.js';
export { EMPTY_TREE, StateTree, type TreeRoot, type TreeWrite } from './state-tree.js';
