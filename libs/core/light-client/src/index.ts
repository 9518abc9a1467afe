export { mayShowProof, proveVerdict, type ProvenVerdict } from './prove-verdict.js';
