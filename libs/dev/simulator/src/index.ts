export type { CrashPoint } from './crash-point.js';
export { replayChain } from './chain-replay.js';
export { simulate, simulateTwice, submitAll, type Disturb } from './run.js';
export { tipFault } from './machine-watch.js';
export { MUTANTS, type Mutant } from './mutants.js';
export { DISK, QUIET, schedule, STORMY, type Lie, type Schedule } from './schedule.js';
export { Simulation } from './simulation.js';
