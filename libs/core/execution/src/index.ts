export { parseCaptureHead, type CaptureHead } from './capture.js';
export {
  execute,
  executeInSteps,
  startExecution,
  type BlockToExecute,
  type Executed,
  type Execution,
} from './execution.js';
export { genesisEntries } from './genesis.js';
export { KINDS, type KindRow } from './kinds.js';
export { MAX_BLOCK_CHANGES, MAX_BLOCK_READS, MAX_TRANSACTION_CHANGES, MAX_TRANSACTION_READS } from './limits.js';
export { EXECUTION_REFUSALS, REFUSALS } from './refusals.js';
export { entryWrites, stateWrites } from './writes.js';
export { RecentIds, refuseRepeated, type IdRow } from './replay/recent-ids.js';
export { replayedState, type ReplayedState } from './replay/replayed-state.js';
export { startReplay, type Replay, type ReplayReport } from './replay/replay.js';
export { checkStated, keysAfter, keysOf, type StatedRoots } from './replay/stated-roots.js';
