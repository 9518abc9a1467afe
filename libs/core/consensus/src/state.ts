import type { Digest } from '@custos/core-crypto';
import { leaderOf, type Ballot, type Certificate, type Vote, type VoteKind } from '@custos/core-finality';
import type { Rules, OwnVotes } from './rules.js';
import type { BlockRef, ConsensusConfig, Content, Effect, Halt } from './types.js';

/** One of this validator's own slots (K8). The vote is undefined while the host signs it. */
export interface Slot {
  readonly ballot: Ballot;
  vote: Vote | undefined;
}

/** This validator's slots in one view (K8): slot 0 is the own proposal. */
export interface OwnSlots {
  proposal: BlockRef | undefined;
  /** Slot 1. */
  notarize: Slot | undefined;
  /** Slot 2, S or F. */
  closing: Slot | undefined;
}

/** The votes, certificates and proposal of one view above the last final one. */
export interface ViewState {
  readonly view: number;
  readonly own: OwnSlots;
  /** K16: one entry for each signer and kind, kept only until a certificate replaces them. */
  readonly votes: Readonly<Record<VoteKind, Map<number, Vote>>>;
  notarize: Certificate | undefined;
  skip: Certificate | undefined;
  /** Hash of the block to vote on (K4): the first proposal, or the one that a quorum chose. */
  proposal: Digest | undefined;
  /** True when the leader is proven faulty (K6). */
  faulty: boolean;
  /** Kinds of certificates that the journal holds (K8). */
  readonly journaled: Set<VoteKind>;
}

/** A block above the last final one. */
export interface Node {
  readonly block: BlockRef;
  status: 'held' | 'executing' | 'valid' | 'invalid';
  /** True below a Finalize certificate. The block is then executed even if Notarize certificates are missing here. */
  final: boolean;
  /** K4: true once the parent is notarised and every view between is skipped. */
  justified: boolean;
  /** True when the journal holds its bytes (K8). */
  journaled: boolean;
}

/** The clocks of the machine, in milliseconds of the host's clock (K9). */
export interface Times {
  now: number;
  /** Total time during which the timers ran; K10 and K12 are measured in it. */
  ran: number;
  /** Part of `ran` in the current view, without the pause for execution. */
  inView: number;
  /** Time for which execution has stopped this view's timer. */
  paused: number;
  /** `ran` at the last finalisation or standstill tick. */
  stoodSince: number;
  /** Time at which the last block became final here. */
  finalAt: number;
  /** Whether the timers run until the next input, and whether execution stops that of the view. */
  running: boolean;
  pausing: boolean;
  /** The deadline that was last reported to the host. */
  deadline: number | undefined;
}

/** The number of times that a question was asked, and whether its answer is awaited. */
interface Asked {
  readonly tries: number;
  readonly isOpen: boolean;
}

/** The whole state of the machine. Only `step` changes it; queries read it. */
export interface State {
  readonly config: ConsensusConfig & { readonly rules: Rules; readonly heartbeat: number };
  readonly journalFloor: number;
  /** The last final block that is held and executed; a voter below it may need its Notarize certificate. */
  final: BlockRef;
  finalNotarize: Certificate | undefined;
  /** The highest Finalize certificate, whose block may still be missing (K13). */
  finalize: Certificate | undefined;
  /** A lower Finalize certificate, of a run on the way to {@link finalize}. */
  run: Certificate | undefined;
  /** K2: the current view. */
  view: number;
  /** The highest view with a Notarize certificate, 0 = none above the last final one. */
  notarized: number;
  readonly views: Map<number, ViewState>;
  readonly nodes: Map<Digest, Node>;
  /** The same nodes, ascending by view. */
  ordered: Node[];
  readonly times: Times;
  /**
   * K12: `ran` at the last message of each validator; K9: the highest view each has skipped; K10: the time of its last
   * answer.
   */
  readonly heard: number[];
  readonly skipped: number[];
  readonly answered: number[];
  /** K10: the questions by name, those since the last standstill tick or finalisation and those before. */
  readonly asked: Map<string, Asked>;
  rotation: number;
  waiting: boolean;
  building: { readonly view: number; readonly content: Content } | undefined;
  /** K13: true once the own lane was read; before that nothing is signed or sent. */
  speaking: boolean;
  halted: Halt | undefined;
  out: Effect[];
}

/** Returns the state of a view, which is created when it is missing. */
export function viewState(state: State, view: number): ViewState {
  const known = state.views.get(view);
  if (known) return known;
  const fresh: ViewState = {
    view,
    own: { proposal: undefined, notarize: undefined, closing: undefined },
    votes: { 1: new Map(), 2: new Map(), 3: new Map() },
    notarize: undefined,
    skip: undefined,
    proposal: undefined,
    faulty: false,
    journaled: new Set(),
  };
  state.views.set(view, fresh);
  return fresh;
}

/** Appends an effect to those that the current step returns. */
export function emit(state: State, effect: Effect): void {
  state.out.push(effect);
}

/** Stops the machine for this reason, unless it has stopped already. */
export function halt(state: State, reason: Halt): void {
  if (state.halted) return;
  state.halted = reason;
  emit(state, { type: 'halt', halt: reason });
}

/** Returns the view up to which all views are decided by a Finalize certificate, whether its block is held or not. */
export function decidedView(state: State): number {
  return Math.max(state.final.view, state.finalize?.view ?? 0);
}

/** K16: reports whether votes and proposals of this view are accepted. */
export function inReach(state: State, view: number): boolean {
  const decided = decidedView(state);
  return view > decided && view <= state.config.rules.highestView(state.view, decided);
}

/** Returns the index of the leader of a view (K1). */
export function leaderAt(state: State, view: number): number {
  return leaderOf(state.config.leaders, view);
}

/** Reports whether this validator may vote and propose in this view. */
export function maySpeak(state: State, view: number): boolean {
  return state.speaking && state.config.self !== undefined && view >= state.journalFloor && view > decidedView(state);
}

/** Returns this validator's own votes in a view in the form that {@link Rules} reads. */
export function ownVotes(own: OwnSlots): OwnVotes {
  return {
    notarized: own.notarize?.vote !== undefined,
    skipped: own.closing?.ballot.kind === 2,
    finalized: own.closing?.ballot.kind === 3,
  };
}

/** Returns the known views, ascending. The order in which they became known must not affect the result. */
export function ascendingViews(state: State): readonly ViewState[] {
  return [...state.views.values()].sort((a, b) => a.view - b.view);
}
