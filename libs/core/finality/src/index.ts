export {
  certificateChecks,
  certificateLength,
  decodeCertificate,
  encodeCertificate,
  readCertificate,
  writeCertificate,
  type Certificate,
} from './certificate.js';
export {
  decodeFinalityRecord,
  encodeFinalityRecord,
  HEADER_LENGTH,
  makeFinalityRecord,
  RECORD_MAGIC,
  type FinalityRecord,
} from './finality-record.js';
export { leaderOf, leaderOrder } from './leader.js';
export { MAX_RECORD_BYTES, MAX_RECORD_CERTIFICATES, MAX_VALIDATORS } from './limits.js';
export { faultsOf, quorumOf } from './quorum.js';
export { decodeRecoveryReport, encodeRecoveryReport, recoveryCheck } from './recovery.js';
export {
  makeValidatorSet,
  parseValidatorEntries,
  validatorJson,
  type ValidatorEntry,
  type ValidatorSet,
} from './validator-set.js';
export { decodeVote, encodeVote, VOTE, voteCheck, voteMessage, type Ballot, type Vote, type VoteKind } from './vote.js';
