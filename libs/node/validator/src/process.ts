// The second door: a validator as a process, with Nest and real parts. Whoever hosts one in a test uses the first.
export { provenLeaves } from './http/leaves.js';
export { runValidator } from './start-validator.js';
