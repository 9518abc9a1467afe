import type { Digest, Verified } from '@custos/core-crypto';
import type { Ballot, Certificate, Vote } from '@custos/core-finality';
import type { Rules } from './rules.js';

/**
 * A block as consensus sees it: where it stands, never what is in it. The host keeps the bytes by `hash`.
 */
export interface BlockRef {
  /** ownHash of the header. */
  readonly hash: Digest;
  readonly epoch: number;
  readonly view: number;
  readonly height: number;
  /** View and hash of the block below; 0 and the hash of the epoch's first parent for that parent. */
  readonly parentView: number;
  readonly parent: Digest;
  /** Milliseconds since 1970, stated by the leader (L3.5). */
  readonly timestamp: number;
  /** Index of the leader that signed it. */
  readonly proposer: number;
  /** No transactions (K11). */
  readonly empty: boolean;
}

export interface ConsensusConfig {
  readonly epoch: number;
  /** A `ValidatorSet` fits. */
  readonly validators: { readonly size: number; readonly quorum: number; readonly faults: number };
  /** `leaderOrder` of the epoch (K1). */
  readonly leaders: readonly number[];
  /** This validator's index; undefined = follows and never speaks. */
  readonly self: number | undefined;
  /** T0 of K9 in milliseconds. */
  readonly t0: number;
  /** Idle time after which a block proves that the network is alive (K11), milliseconds; 30 s by default. */
  readonly heartbeat?: number;
  /** The rules by name. Only a test that must see one broken hands in others. */
  readonly rules?: Rules;
}

/** What the disk says at a start. Everything was verified before it was written; nothing is verified again. */
export interface Recovered {
  /** Head of the chain store; block 0 on a new network. The host holds the state after it. */
  readonly final: BlockRef;
  /** The Finalize certificate that covers `final`; undefined for block 0. */
  readonly finalize: Certificate | undefined;
  /** Journal records of views above the head, each list in any order. The host holds the blocks' bytes. */
  readonly ownProposals: readonly BlockRef[];
  readonly proposals: readonly BlockRef[];
  readonly certificates: readonly Certificate[];
  /** This validator's own votes. */
  readonly votes: readonly Vote[];
  /**
   * Views below this one may have lost rows in the journal (its `floor`; 0 = none): this validator stays
   * silent in them for good, whatever the store says. A stale backup of the store alone is harmless so.
   */
  readonly journalFloor: number;
}

/** A leader's proposal, its signature and every certificate in it verified (L4.3). */
export interface ProposalRef {
  readonly block: BlockRef;
  readonly certificates: readonly Certificate[];
}

/**
 * All that can happen to the machine. What comes from others was verified by itself (signatures, epoch's set,
 * decoder); whether it *fits* is the machine's to say. See `wantsVote`, `wantsCertificate` and `wantsProposal`
 * for what is not worth a verification.
 */
export type Input =
  | { readonly type: 'vote'; readonly vote: Verified<Vote> }
  | { readonly type: 'certificate'; readonly certificate: Verified<Certificate> }
  | { readonly type: 'proposal'; readonly proposal: Verified<ProposalRef> }
  /** The answer to a `pull` of a block, decoded; no signature needed, since something certified names its hash. */
  | { readonly type: 'block'; readonly block: BlockRef }
  /**
   * An answer to a `pull` of final blocks: consecutive heights, oldest first, the last one named by `finalize`.
   * One run at a time: give the next when the machine has made this one final (or ignored it).
   */
  | { readonly type: 'run'; readonly blocks: readonly BlockRef[]; readonly finalize: Verified<Certificate> }
  /** Answers `execute`. `valid`: it executes to the roots its header states. */
  | { readonly type: 'executed'; readonly hash: Digest; readonly valid: boolean }
  /**
   * Answers `build`; undefined = there was nothing to put in (only for `waiting`, and it counts as
   * `waiting: false`). The host holds the block as executed.
   */
  | { readonly type: 'built'; readonly view: number; readonly block: BlockRef | undefined }
  /** Answers `sign`. */
  | { readonly type: 'signed'; readonly vote: Vote }
  /** Answers `persist`: these lines are synced. Only now does an own vote count here, or stand in a certificate. */
  | { readonly type: 'persisted'; readonly entries: readonly JournalEntry[] }
  /** Whether a valid transaction waits that is in no block of the branch; say it when it changes (K9). */
  | { readonly type: 'waiting'; readonly waiting: boolean }
  /** The deadline of `set-timer` has come; one that comes early or late does no harm. */
  | { readonly type: 'timer' }
  /**
   * K13: the own votes lane was read to its end, each vote given as a `vote` input before; once per start. Only
   * now does this validator speak. `gap`: records between the remembered position and the end are gone.
   */
  | { readonly type: 'own-lane-read'; readonly gap: boolean };

/** One line of the journal, to be written in the given order (K8). A line written before is repeated never. */
export type JournalEntry =
  /** Slot 0: the encoded proposal that the host built for this block. */
  | { readonly kind: 'own-proposal'; readonly block: BlockRef }
  /** Another leader's block: the bytes that the host was given for this hash. */
  | { readonly kind: 'proposal'; readonly block: BlockRef }
  /** Justification of an N, or the Notarize certificate below an F. */
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** Slot 1 (N) or slot 2 (S, F): these signed bytes and no others may ever stand there. */
  | { readonly kind: 'vote'; readonly vote: Vote };

/** What goes out on the lanes of this validator (L4.6). Losing one costs time, never safety (K10). */
export type Message =
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly certificate: Certificate }
  /** The finality record of the chain store's head, from the store as it stands: an answer to a laggard (K10). */
  | { readonly type: 'record' }
  /** On the proposals lane: the very bytes that were journaled as `own-proposal`. */
  | { readonly type: 'proposal'; readonly block: BlockRef };

/** What peers can be asked for. */
export type Question =
  | { readonly what: 'block'; readonly hash: Digest; readonly view: number }
  /** Certificates of views from this one on, the newest Finalize certificate among them. */
  | { readonly what: 'certificates'; readonly fromView: number }
  /** Final runs from this height on: answer with `run` inputs. */
  | { readonly what: 'final'; readonly fromHeight: number };

/** A question and the validators to ask, in order, until one answers. What does not come is asked again (K10). */
export type Wanted = Question & { readonly from: readonly number[] };

/** `waiting`: transactions, or nothing to build; `any`: transactions or none; `empty`: none (K16). */
export type Content = 'waiting' | 'any' | 'empty';

export type Misbehaviour =
  | { readonly code: 'TWO_PROPOSALS'; readonly blocks: readonly [BlockRef, BlockRef] }
  | { readonly code: 'INVALID_PROPOSAL'; readonly block: BlockRef }
  | {
      readonly code: 'TWO_VOTES' | 'SKIP_AND_FINALIZE' | 'NOTARIZE_AND_FINALIZE';
      readonly votes: readonly [Vote, Vote];
    };

export type Halt =
  /** K13: this key has signed what the journal lacks: a lost or restored disk, or a twin. `vote` if one was seen. */
  | { readonly code: 'RECOVERY_NEEDED'; readonly ballot: Ballot | undefined }
  /** K15: a quorum certified what does not execute here. */
  | { readonly code: 'CERTIFIED_BLOCK_INVALID'; readonly block: BlockRef }
  /** More than f validators are Byzantine, or the store is of another chain. */
  | { readonly code: 'CHAIN_CONFLICT'; readonly block: BlockRef; readonly final: BlockRef };

/**
 * What the host owes.
 *
 * `persist`, `send` and `final` form ONE queue over all calls of `step`: each begins when the one before is
 * done, so nothing leaves before what it rests on is durable (I12). The others may begin at once, and in any
 * order. A crash loses the queue's rest and all answers that were owed; each arm says why that is harmless.
 */
export type Effect =
  /**
   * Append to the journal, in order, synced before the next effect of the queue; then answer `persisted`. Crash
   * before: nothing of it left this machine. Crash after: `Recovered` brings it back, and it is sent again with the
   * same bytes (K8, K10).
   */
  | { readonly type: 'persist'; readonly entries: readonly JournalEntry[] }
  /** Publish. Crash before or after: repeated while it matters (K10). */
  | { readonly type: 'send'; readonly message: Message }
  /**
   * Store the run, oldest first, with its finality record: `finalize`, and `certificates` (Notarize of the
   * blocks below, Skip of the jumped views, ascending). All blocks were executed here. Then publish on the
   * final lane, tell the mempool, and once the store is synced prune the journal below the head (K8). Crash
   * before it is stored: the votes are in the journal or with the peers, so it becomes final once more.
   */
  | {
      readonly type: 'final';
      readonly blocks: readonly BlockRef[];
      readonly finalize: Certificate;
      readonly certificates: readonly Certificate[];
    }
  /**
   * Sign `voteMessage(ballot)` and answer `signed`. Never send or journal it yourself: the machine then returns
   * `persist` and `send`. Crash: the signature was nowhere, another ballot may still be signed.
   */
  | { readonly type: 'sign'; readonly ballot: Ballot }
  /** Execute on the state after `block.parent`, which is executed; answer `executed`. Crash: asked for again. */
  | { readonly type: 'execute'; readonly block: BlockRef }
  /**
   * Build, execute and sign a block on `parent`: height + 1, timestamp max(now, parent's + 1), justified by
   * `certificates` (L4.3); answer `built`. Crash: it was nowhere, another may be built.
   */
  | {
      readonly type: 'build';
      readonly view: number;
      readonly parent: BlockRef;
      readonly content: Content;
      readonly certificates: readonly Certificate[];
    }
  /** Ask `from` in order; answers are ordinary inputs. The question comes again by K10, so one try is enough. */
  | { readonly type: 'pull'; readonly wanted: Wanted }
  /** The one deadline, replacing the one before, on the clock of `now`; undefined = none. */
  | { readonly type: 'set-timer'; readonly at: number | undefined }
  /** Evidence against a validator: log and keep it. It is not sent before K15 is. */
  | { readonly type: 'misbehaviour'; readonly offender: number; readonly view: number; readonly proof: Misbehaviour }
  /** The machine does nothing more. Alarm, keep all files, stop; a start with the same disk ends here again. */
  | { readonly type: 'halt'; readonly halt: Halt };

export interface Step<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}
