export { DirectoryLocked, lockDirectory } from './directory-lock.js';
export { fileJournalMedium } from './file-journal-medium.js';
export { JournalDamaged } from './journal-frames.js';
export { MemoryJournalDisk, memoryJournalMedium, type JournalMedium } from './journal-medium.js';
export { openJournal } from './journal.js';
export { lmdbChainStore } from './lmdb-chain-store.js';
export { MemoryChainDisk, memoryChainStore } from './memory-chain-store.js';
export {
  ChainConflict,
  JournalConflict,
  PROOF_HEIGHTS,
  type ChainStore,
  type FinalRun,
  type Journal,
  type JournalContent,
  type JournalKind,
  type JournalRecord,
  type StoredBlock,
  type SyncedHead,
} from './ports.js';
