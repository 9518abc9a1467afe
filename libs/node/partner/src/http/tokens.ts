/** Token of the {@link Desk}, which takes writes in. */
export const DESK = Symbol('desk');
/** Token of the {@link JobSource}. */
export const JOB_SOURCE = Symbol('jobs');
/** Token of the {@link EventSource}. */
export const EVENT_SOURCE = Symbol('events');
/** Token of the GLN of the organisation. */
export const PARTY = Symbol('party');
/** Token of the hash function that binds Idempotency-Keys to bodies. */
export const HASHER = Symbol('hasher');
/** Token of the {@link Vault}. */
export const VAULT = Symbol('vault');
/** Token of the {@link Submissions}. */
export const SUBMISSIONS = Symbol('submissions');
