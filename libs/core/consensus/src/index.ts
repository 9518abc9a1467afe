export {
  certificatesFrom,
  holdsBlock,
  consensusStatus,
  wantsCertificate,
  wantsProposal,
  wantsVote,
  type ConsensusStatus,
} from './queries.js';
export { RULES, type Rules, type OwnVotes } from './rules.js';
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
  type Misbehaviour,
  type ProposalRef,
  type Recovered,
  type Step,
  type Question,
  type Wanted,
} from './types.js';
