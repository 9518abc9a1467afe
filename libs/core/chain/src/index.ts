export {
  answerJson,
  parseAnswer,
  type AnswerBundle,
  type ProvenEvent,
  type ProvenLeaf,
} from './proofs/answer-bundle.js';
export {
  decodeBlock,
  EMPTY_BLOCK_LENGTH,
  encodeBlock,
  TRANSACTION_FRAME_LENGTH,
  transactionRootOf,
  type Block,
} from './blocks/block.js';
export {
  chainFile,
  decodePiece,
  endScan,
  refuseAt,
  SCAN_START,
  scanChainFile,
  scanChunk,
  type ChainItem,
  type ChainPiece,
} from './files/chain-file.js';
export { finalisedBy } from './blocks/finalised.js';
export { genesisBlock, genesisJson, genesisOf, networkIdOf, parseGenesis, type Genesis } from './blocks/genesis.js';
export {
  checkParent,
  decodeHeader,
  encodeHeader,
  hashHeader,
  HEADER_VERSION,
  isClosing,
  type BlockHeader,
  type UnhashedHeader,
} from './blocks/header.js';
export { inclusionProofs } from './transactions/inclusion.js';
export {
  decodeFinalMessage,
  decodeVotesMessage,
  encodeFinalMessage,
  encodeVotesMessage,
  type FinalMessage,
} from './files/lane-messages.js';
export { historyLeaf, verifyAnswer } from './proofs/light-client.js';
export {
  CLOCK_SKEW_MS,
  DEFAULT_LIFE_MS,
  DUPLICATE_WINDOW_MS,
  MAX_ANSWER_LEAVES,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_RECEIPTS,
  MAX_BLOCK_TRANSACTIONS,
  MAX_EVENTS,
  MAX_FRESH_AGE_MS,
  MAX_LANE_MESSAGE_BYTES,
  MAX_LIFE_MS,
  MAX_PROPOSAL_CERTIFICATES,
  MAX_RECEIPTS_BYTES,
  MAX_STATE_KEY_LENGTH,
  MAX_TIMESTAMP_AHEAD_MS,
  MAX_TRANSACTION_BYTES,
} from './limits.js';
export {
  decodeProposal,
  encodeProposal,
  justificationThatFits,
  proposalCheck,
  proposalMessage,
} from './blocks/proposal.js';
export { isFresh, trustGenesis, type Trust } from './proofs/proven-header.js';
export {
  decodeReceipts,
  encodeReceipts,
  receiptJson,
  receiptLeaf,
  receiptRoot,
  type Receipt,
} from './transactions/receipt.js';
export { decodeHead, decodeTransaction } from './transactions/transaction-codec.js';
export {
  inclusionsOf,
  parseTransactionInclusion,
  transactionInclusionJson,
  verifyTransactionInclusion,
  type TransactionInclusion,
} from './transactions/transaction-inclusion.js';
export { transactionChecks, unsignedTransaction } from './transactions/transaction-signing.js';
export { isInWindow, KIND, payloadOf, type Kind, type KindName, type Transaction } from './transactions/transaction.js';
