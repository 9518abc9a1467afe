export {
  answerJson,
  parseAnswer,
  type AnswerBundle,
  type ProvenEvent,
  type ProvenLeaf,
} from './proofs/answer-bundle.js';
export {
  BLOCK_MAGIC,
  decodeBlock,
  EMPTY_BLOCK_LENGTH,
  encodeBlock,
  TRANSACTION_FRAME_LENGTH,
  transactionRootOf,
  type Block,
  type KnownTransactions,
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
  type ChainScan,
  type ScanStep,
} from './files/chain-file.js';
export { finalisedBy } from './blocks/finalised.js';
export {
  genesisBlock,
  genesisJson,
  genesisOf,
  networkIdOf,
  parseGenesis,
  type Genesis,
  type GenesisParameters,
} from './blocks/genesis.js';
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
export { inclusionJson, inclusionProofs, parseInclusion } from './transactions/inclusion.js';
export {
  decodeFinalMessage,
  decodeVotesMessage,
  encodeFinalMessage,
  encodeVotesMessage,
  type FinalMessage,
  type VotesMessage,
} from './files/lane-messages.js';
export { historyLeaf, verifyAnswer, type ProvenAnswer, type ShownEvent } from './proofs/light-client.js';
export {
  CLOCK_SKEW_MS,
  DEFAULT_LIFE_MS,
  DUPLICATE_WINDOW_MS,
  MAX_ANSWER_EVENTS,
  MAX_ANSWER_LEAVES,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_RECEIPTS,
  MAX_BLOCK_TRANSACTIONS,
  MAX_CERTIFICATE_BYTES,
  MAX_CODE_LENGTH,
  MAX_EVENTS,
  MAX_FRESH_AGE_MS,
  MAX_GENESIS_BYTES,
  MAX_HEAD_BYTES,
  MAX_INCLUSION_PATH,
  MAX_LANE_MESSAGE_BYTES,
  MAX_LIFE_MS,
  MAX_LINK_HEADERS,
  MAX_NETWORK_NAME_LENGTH,
  MAX_PARTS,
  MAX_PROPOSAL_CERTIFICATES,
  MAX_RECEIPTS_BYTES,
  MAX_RECEIPT_ITEMS,
  MAX_SIGNERS,
  MAX_STATE_KEY_LENGTH,
  MAX_STATE_PROOF_BYTES,
  MAX_TIMESTAMP_AHEAD_MS,
  MAX_TRANSACTION_BYTES,
  MAX_VIEW_MS,
} from './limits.js';
export {
  decodeProposal,
  encodeProposal,
  justificationThatFits,
  proposalCheck,
  proposalMessage,
  type Proposal,
} from './blocks/proposal.js';
export { isFresh, trustGenesis, type ProvenHeader, type Trust } from './proofs/proven-header.js';
export {
  decodeReceipts,
  encodeReceipts,
  parseReceipt,
  receiptJson,
  receiptLeaf,
  receiptRoot,
  type Receipt,
  type ReceiptWarning,
} from './transactions/receipt.js';
export { decodeHead, decodeTransaction } from './transactions/transaction-codec.js';
export {
  inclusionsOf,
  parseTransactionInclusion,
  transactionInclusionJson,
  verifyTransactionInclusion,
  type IncludedTransaction,
  type InclusionSource,
  type ProvenReceipt,
  type TransactionInclusion,
} from './transactions/transaction-inclusion.js';
export {
  transactionChecks,
  unsignedTransaction,
  type TransactionDraft,
  type UnsignedTransaction,
} from './transactions/transaction-signing.js';
export {
  isInWindow,
  KIND,
  payloadOf,
  TRANSACTION_VERSION,
  transactionMessage,
  type Kind,
  type KindName,
  type Transaction,
  type TransactionHead,
} from './transactions/transaction.js';
