export {
  certificatesFrom,
  holdsBlock,
  consensusStatus,
  wantsCertificate,
  wantsProposal,
  wantsVote,
} from './queries.js';
export { RULES, type Rules } from './rules.js';
export { initialState } from './start.js';
export { type State } from './state.js';
export { step } from './step.js';
export {
  type BlockRef,
  type ConsensusConfig,
  type Content,
  type Effect,
  type Halt,
  type Input,
  type JournalEntry,
  type Message,
  type Recovered,
  type Wanted,
} from './types.js';
