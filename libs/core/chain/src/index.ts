export {
  BLOCK_MAGIC,
  decodeBlock,
  EMPTY_BLOCK_LENGTH,
  encodeBlock,
  TRANSACTION_FRAME_LENGTH,
  transactionRootOf,
  type Block,
  type KnownTransactions,
} from './block.js';
export { type Genesis, type GenesisParameters } from './genesis.js';
export {
  checkParent,
  decodeHeader,
  encodeHeader,
  hashHeader,
  HEADER_VERSION,
  isClosing,
  type BlockHeader,
  type UnhashedHeader,
} from './header.js';
export {
  CLOCK_SKEW_MS,
  DEFAULT_LIFE_MS,
  DUPLICATE_WINDOW_MS,
  MAX_ANSWER_BYTES,
  MAX_ANSWER_EVENTS,
  MAX_ANSWER_LEAVES,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_TRANSACTIONS,
  MAX_EVENTS,
  MAX_GENESIS_BYTES,
  MAX_INCLUSION_PATH,
  MAX_LANE_MESSAGE_BYTES,
  MAX_LIFE_MS,
  MAX_LINK_HEADERS,
  MAX_PARTS,
  MAX_PROPOSAL_CERTIFICATES,
  MAX_RECEIPTS_BYTES,
  MAX_SIGNERS,
  MAX_TIMESTAMP_AHEAD_MS,
  MAX_TRANSACTION_BYTES,
} from './limits.js';
export { type Proposal } from './proposal.js';
export { type Receipt, type ReceiptChange, type ReceiptWarning } from './receipt.js';
export { decodeHead, decodeTransaction } from './transaction-codec.js';
export {
  transactionChecks,
  unsignedTransaction,
  type TransactionDraft,
  type UnsignedTransaction,
} from './transaction-signing.js';
export {
  CAPTURE_KIND,
  isInWindow,
  payloadOf,
  TRANSACTION_VERSION,
  transactionMessage,
  type Transaction,
  type TransactionHead,
} from './transaction.js';
