export type { CrashPoint } from './adversaries/crash-point.js';
export { simulate, simulateTwice, submitAll, type Disturb } from './run.js';
export { tipFault } from './watch/machine-watch.js';
export { MUTANTS, type Mutant } from './adversaries/mutants.js';
export { DISK, QUIET, schedule, STORMY, type Schedule } from './schedule.js';
export { Simulation } from './simulation.js';
