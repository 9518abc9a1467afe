export type { Assembly, ValidatorConfig } from './assemble.js';
export { createValidator, type Validator } from './create-validator.js';
export type { StopReason } from './host.js';
export { entryOf, laneSpecs, networkOf, ownLanes, type Network, type OwnLanes } from './network.js';
export { StoreUnusable } from './open-chain.js';
export { parsePeerRequest, peerCheck, peerHeaders, type PeerRequest, type SignedPeerRequest } from './peer-request.js';
export type { Clock, Log, Peers, ValidatorPorts } from './ports.js';
export type { ValidatorStatus } from './status.js';
