export { getBounded } from './bounded-answer.js';
export { ANSWER_TIMEOUT_MS, memberClient, type MemberClient } from './member-client.js';
