export { RunAssembler, type RawRun } from './assemble.js';
export { checkRun, type Trust } from './check-run.js';
export { FollowerTables1764070000000 } from './follower-migrations.js';
export {
  createFollower,
  type BlockListener,
  type Follower,
  type FollowerLog,
  type FollowerOptions,
} from './follower.js';
export { httpPull } from './http-pull.js';
export { pinNetwork, type PinnedNetwork } from './pinned-network.js';
export type { GenesisState, ProjectedBlock, Projection } from './projection.js';
export type { FollowedBlock, FollowedRun } from './run.js';
export { SILENCE_MS } from './silence.js';
export { observeFollower, type Standing } from './standing.js';
