export type { Assembly, ValidatorConfig } from './assemble.js';
export { answerBlock, answerCertificates, answerRuns } from './http/answers.js';
export { createValidator, type Validator } from './create-validator.js';
export type { StopReason } from './host/host.js';
export { entryOf, laneSpecs, networkOf, ownLanes, type Network, type OwnLanes } from './network.js';
export { StoreUnusable } from './state/open-chain.js';
export type { Peers, ValidatorPorts } from './ports.js';
export type { ValidatorStatus } from './http/status.js';
