export { answerBlock, answerCertificates, answerRuns } from './http/answers.js';
export { createValidator, type Validator } from './create-validator.js';
export { networkOf, type Network } from './network.js';
export type { Peers } from './ports.js';
