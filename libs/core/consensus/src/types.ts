import type { Digest, Verified } from '@custos/core-crypto';
import type { Ballot, Certificate, Vote } from '@custos/core-finality';
import type { Rules } from './rules.js';

/** A block as consensus sees it: its position without its content. The host keeps the bytes by `hash`. */
export interface BlockRef {
  /** ownHash of the header. */
  readonly hash: Digest;
  readonly epoch: number;
  readonly view: number;
  readonly height: number;
  /** View and hash of the parent. For the first parent of an epoch the view is 0. */
  readonly parentView: number;
  readonly parent: Digest;
  /** Milliseconds since 1970, stated by the leader (L3.5). */
  readonly timestamp: number;
  /** Index of the leader that signed it. */
  readonly proposer: number;
  /** True for a block without transactions (K11). */
  readonly empty: boolean;
}

/** The fixed parameters of one epoch for one validator. */
export interface ConsensusConfig {
  readonly epoch: number;
  /** The counts of the epoch's validator set; a `ValidatorSet` can be passed. */
  readonly validators: { readonly size: number; readonly quorum: number; readonly faults: number };
  /** The result of `leaderOrder` for the epoch (K1). */
  readonly leaders: readonly number[];
  /** This validator's index. Undefined for an observer, which follows and sends nothing. */
  readonly self: number | undefined;
  /** T0 of K9 in milliseconds. */
  readonly t0: number;
  /** Idle time in milliseconds after which a block shows that the network is live (K11); 30 s by default. */
  readonly heartbeat?: number;
  /** The rules by name. Only tests that break one of them pass others. */
  readonly rules?: Rules;
}

/** The content of the disk at a start. Everything was verified before it was written and is not verified again. */
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
   * Views below this one may have lost rows in the journal (its `floor`; 0 = none). This validator never votes in them,
   * whatever the store holds, so that an old backup of the store alone is harmless.
   */
  readonly journalFloor: number;
}

/** A leader's proposal. Its signature and every certificate in it were verified (L4.3). */
export interface ProposalRef {
  readonly block: BlockRef;
  readonly certificates: readonly Certificate[];
}

/**
 * An input of the machine. Inputs from other validators were verified one by one (signatures, epoch's set, decoder);
 * the machine decides whether they fit. `wantsVote`, `wantsCertificate` and `wantsProposal` report what is not worth
 * verifying.
 */
export type Input =
  | { readonly type: 'vote'; readonly vote: Verified<Vote> }
  | { readonly type: 'certificate'; readonly certificate: Verified<Certificate> }
  | { readonly type: 'proposal'; readonly proposal: Verified<ProposalRef> }
  /**
   * The answer to a `pull` of a block, decoded. It needs no signature, since a certificate or a held block names its
   * hash.
   */
  | { readonly type: 'block'; readonly block: BlockRef }
  /**
   * An answer to a `pull` of final blocks: consecutive heights, oldest first, the last one named by `finalize`. One run
   * at a time: the host gives the next when the machine has made this one final or ignored it.
   */
  | { readonly type: 'run'; readonly blocks: readonly BlockRef[]; readonly finalize: Verified<Certificate> }
  /** Answers `execute`. `valid` states whether the block executes to the roots in its header. */
  | { readonly type: 'executed'; readonly hash: Digest; readonly valid: boolean }
  /**
   * Answers `build`. Undefined means that there was nothing to include (only for `waiting`; it counts as `waiting:
   * false`). The host holds the block as executed.
   */
  | { readonly type: 'built'; readonly view: number; readonly block: BlockRef | undefined }
  /** Answers `sign`. */
  | { readonly type: 'signed'; readonly vote: Vote }
  /** Answers `persist`: these lines are synced. Only now does an own vote count here or enter a certificate. */
  | { readonly type: 'persisted'; readonly entries: readonly JournalEntry[] }
  /** Whether a valid transaction waits that is in no block of the branch; given when it changes (K9). */
  | { readonly type: 'waiting'; readonly waiting: boolean }
  /** The deadline of `set-timer` has come. An early or late one does no harm. */
  | { readonly type: 'timer' }
  /**
   * K13: the own votes lane was read to its end, each vote given as a `vote` input before; once per start. Only now
   * does this validator vote. `gap`: records between the remembered position and the end are missing.
   */
  | { readonly type: 'own-lane-read'; readonly gap: boolean };

/** One line of the journal, written in the given order (K8). No line is written twice. */
export type JournalEntry =
  /** Slot 0: the encoded proposal that the host built for this block. */
  | { readonly kind: 'own-proposal'; readonly block: BlockRef }
  /** Another leader's block: the bytes that the host was given for this hash. */
  | { readonly kind: 'proposal'; readonly block: BlockRef }
  /** Justification of an N, or the Notarize certificate below an F. */
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** Slot 1 (N) or slot 2 (S, F): the slot may never hold other signed bytes. */
  | { readonly kind: 'vote'; readonly vote: Vote };

/** A message on the lanes of this validator (L4.6). Its loss costs time, never safety (K10). */
export type Message =
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly certificate: Certificate }
  /**
   * The finality record of the chain store's head, as the store holds it: an answer to a validator that is behind
   * (K10).
   */
  | { readonly type: 'record' }
  /** On the proposals lane: the same bytes that were journaled as `own-proposal`. */
  | { readonly type: 'proposal'; readonly block: BlockRef };

/** A question that peers can answer. */
export type Question =
  | { readonly what: 'block'; readonly hash: Digest; readonly view: number }
  /** The certificates of views from this one on, with the newest Finalize certificate. */
  | { readonly what: 'certificates'; readonly fromView: number }
  /** The final runs from this height on; answered with `run` inputs. */
  | { readonly what: 'final'; readonly fromHeight: number };

/** A question with the validators to ask, in order, until one answers. An unanswered question is asked again (K10). */
export type Wanted = Question & { readonly from: readonly number[] };

/**
 * The content of a block to build. `waiting`: transactions, or no block; `any`: transactions or none; `empty`: none
 * (K16).
 */
export type Content = 'waiting' | 'any' | 'empty';

/** Proof that a validator broke the protocol (K15). */
export type Misbehaviour =
  | { readonly code: 'TWO_PROPOSALS'; readonly blocks: readonly [BlockRef, BlockRef] }
  | { readonly code: 'INVALID_PROPOSAL'; readonly block: BlockRef }
  | {
      readonly code: 'TWO_VOTES' | 'SKIP_AND_FINALIZE' | 'NOTARIZE_AND_FINALIZE';
      readonly votes: readonly [Vote, Vote];
    };

/** The reason why the machine stopped. */
export type Halt =
  /**
   * K13: this key signed something that the journal lacks: a lost or restored disk, or a second process. `ballot` if
   * one was seen.
   */
  | { readonly code: 'RECOVERY_NEEDED'; readonly ballot: Ballot | undefined }
  /** K15: a quorum certified a block that does not execute here. */
  | { readonly code: 'CERTIFIED_BLOCK_INVALID'; readonly block: BlockRef }
  /** More than f validators are Byzantine, or the store is of another chain. */
  | { readonly code: 'CHAIN_CONFLICT'; readonly block: BlockRef; readonly final: BlockRef };

/**
 * An effect that the host must perform.
 *
 * `persist`, `send` and `final` form ONE queue over all calls of `step`: each begins when the one before is done, so
 * nothing leaves before what it depends on is durable (I12). The others may begin at once, in any order. A crash loses
 * the rest of the queue and all pending answers; each arm states why that is harmless.
 */
export type Effect =
  /**
   * Append to the journal, in order, synced before the next effect of the queue; then answer `persisted`. Crash before:
   * nothing of it left this machine. Crash after: `Recovered` restores it, and it is sent again with the same bytes
   * (K8, K10).
   */
  | { readonly type: 'persist'; readonly entries: readonly JournalEntry[] }
  /** Publish. Crash before or after: it is repeated while it matters (K10). */
  | { readonly type: 'send'; readonly message: Message }
  /**
   * Store the run, oldest first, with its finality record: `finalize`, and `certificates` (Notarize of the blocks
   * below, Skip of the jumped views, ascending). All blocks were executed here. Then publish on the final lane, report
   * to the mempool, and once the store is synced prune the journal below the head (K8). Crash before it is stored: the
   * votes are in the journal or with the peers, so it becomes final again.
   */
  | {
      readonly type: 'final';
      readonly blocks: readonly BlockRef[];
      readonly finalize: Certificate;
      readonly certificates: readonly Certificate[];
    }
  /**
   * Sign `voteMessage(ballot)` and answer `signed`. The host never sends or journals it itself: the machine then
   * returns `persist` and `send`. Crash: the signature existed nowhere else, so another ballot may be signed.
   */
  | { readonly type: 'sign'; readonly ballot: Ballot }
  /** Execute on the state after `block.parent`, which is executed; answer `executed`. Crash: it is asked for again. */
  | { readonly type: 'execute'; readonly block: BlockRef }
  /**
   * Build, execute and sign a block on `parent`: height + 1, timestamp max(now, parent's + 1), justified by
   * `certificates` (L4.3); answer `built`. Crash: the block existed nowhere else, so another may be built.
   */
  | {
      readonly type: 'build';
      readonly view: number;
      readonly parent: BlockRef;
      readonly content: Content;
      readonly certificates: readonly Certificate[];
    }
  /** Ask `from` in order; answers are ordinary inputs. One try is enough, since K10 repeats the question. */
  | { readonly type: 'pull'; readonly wanted: Wanted }
  /** The only deadline, on the clock of `now`; it replaces the one before; undefined = none. */
  | { readonly type: 'set-timer'; readonly at: number | undefined }
  /** Proof against a validator, to log and keep. It is not sent before K15 is in force. */
  | { readonly type: 'misbehaviour'; readonly offender: number; readonly view: number; readonly proof: Misbehaviour }
  /**
   * The machine stops. Raise an alarm, keep all files, stop the process; a start with the same disk ends here again.
   */
  | { readonly type: 'halt'; readonly halt: Halt };

/** The result of one step: the next state, and the effects in order. */
export interface Step<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}
