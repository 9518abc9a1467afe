export { AnswerRefused, getBounded, type AnswerLimits } from './bounded-answer.js';
export {
  ANSWER_TIMEOUT_MS,
  MAX_RUNS_BYTES,
  memberClient,
  type MemberClient,
  type MemberIdentity,
} from './member-client.js';
