// The second door: a validator as a process, with Nest and real parts. Whoever hosts one in a test uses the first.
export { validatorSettings, type ValidatorSettings } from './config.js';
export { provenLeaves } from './http/leaves.js';
export { runValidator, startValidator } from './start-validator.js';
