export { snapshotReader, type SnapshotReader } from './answer-from-snapshot.js';
export { callerRegister } from './caller-register.js';
export { finalLane, type FinalLane } from './final-lane.js';
export { identityOf, readCallers, readIdentity, readNetwork, type Identity } from './identity.js';
export { openMemberPorts, type MemberPorts } from './member-ports.js';
export { orProblem } from './http/or-problem.js';
export { answerVerify, unitKey } from './read-routes.js';
export { memberSettings, type MemberSettings } from './settings.js';
export {
  memberModule,
  PROVER,
  READER,
  REPOSITORY,
  routeTopics,
  topics,
  type RouteTopics,
  type Topic,
  type Topics,
} from './topic.js';
