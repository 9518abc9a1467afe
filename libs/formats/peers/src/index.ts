export { decodeFrames, encodeFrames } from './frames.js';
export {
  parsePeerRequest,
  peerCheck,
  peerHeaders,
  peerMessage,
  REQUEST_LIFE_MS,
  type PeerRequest,
  type SignedPeerRequest,
} from './peer-request.js';
