export { decodeFrames, encodeFrames } from './frames.js';
export { parsePeerRequest, peerCheck, peerHeaders } from './peer-request.js';
