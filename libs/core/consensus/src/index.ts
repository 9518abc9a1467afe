export { RULES, type Rules, type Said } from './rules.js';
export {
  type BlockRef,
  type ConsensusConfig,
  type Content,
  type Effect,
  type Halt,
  type Input,
  type JournalEntry,
  type Machine,
  type Message,
  type Misbehaviour,
  type ProposalRef,
  type Recovered,
  type Step,
  type Wanted,
} from './types.js';
