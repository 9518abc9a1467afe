import type { Digest } from '@custos/core-crypto';
import { leaderOf, type Ballot, type Certificate, type Vote, type VoteKind } from '@custos/core-finality';
import type { Rules, OwnVotes } from './rules.js';
import type { BlockRef, ConsensusConfig, Content, Effect, Halt } from './types.js';

/** One of this validator's own slots (K8); without a vote while the host still signs. */
export interface Slot {
  readonly ballot: Ballot;
  vote: Vote | undefined;
}

export interface OwnSlots {
  proposal: BlockRef | undefined;
  /** Slot 1. */
  notarize: Slot | undefined;
  /** Slot 2, S or F. */
  closing: Slot | undefined;
}

/** All that is known about one view above the last final one. */
export interface ViewState {
  readonly view: number;
  readonly own: OwnSlots;
  /** K16: one entry per signer and kind, and only until a certificate says it all. */
  readonly votes: Readonly<Record<VoteKind, Map<number, Vote>>>;
  notarize: Certificate | undefined;
  skip: Certificate | undefined;
  /** Hash of the first proposal that was seen (K4). */
  proposal: Digest | undefined;
  /** The leader is proven faulty (K6). */
  faulty: boolean;
  /** Kinds of certificates that the journal holds (K8). */
  readonly journaled: Set<VoteKind>;
}

/** A block above the last final one. */
export interface Node {
  readonly block: BlockRef;
  status: 'held' | 'executing' | 'valid' | 'invalid';
  /** Below a Finalize certificate: executed whatever the Notarize certificates that are missing here. */
  final: boolean;
  /** K4: parent notarised and every view between skipped; once true it stays so. */
  justified: boolean;
  /** The journal holds its bytes (K8). */
  journaled: boolean;
}

/** Time that counts, in milliseconds of the host's clock (K9). */
export interface Times {
  now: number;
  /** Total while the timers ran: K10 and K12 count in it. */
  ran: number;
  /** The part of it in the current view, without the pause for execution. */
  inView: number;
  /** How long execution has held this view's timer. */
  paused: number;
  /** `ran` at the last finalisation or standstill tick. */
  stoodSince: number;
  /** When the last block became final here. */
  finalAt: number;
  /** Do the timers run until the next input? Does the view's stand still? */
  running: boolean;
  pausing: boolean;
  /** The deadline that the host knows. */
  deadline: number | undefined;
}

/** How often a question was asked, and whether it waits for its answer. */
export interface Asked {
  readonly tries: number;
  readonly isOpen: boolean;
}

/** The whole memory of the machine; owned by `step`, read by the queries. */
export interface State {
  readonly config: ConsensusConfig & { readonly rules: Rules; readonly heartbeat: number };
  readonly journalFloor: number;
  /** The last final block that is held and executed; a voter below it may need its Notarize certificate. */
  final: BlockRef;
  finalNotarize: Certificate | undefined;
  /** The highest Finalize certificate, whose block may still be missing (K13). */
  finalize: Certificate | undefined;
  /** A lower one, from a run on the way there. */
  run: Certificate | undefined;
  /** K2. */
  view: number;
  /** The highest view with a Notarize certificate, 0 = none above the last final one. */
  notarized: number;
  readonly views: Map<number, ViewState>;
  readonly nodes: Map<Digest, Node>;
  /** The same nodes, ascending by view. */
  ordered: Node[];
  readonly times: Times;
  /** K12: `ran` when each validator was last heard; K9: the highest view each has skipped; K10: when answered. */
  readonly heard: number[];
  readonly skipped: number[];
  readonly answered: number[];
  /** K10: questions by name, those since the last standstill tick or finalisation and those before. */
  readonly asked: Map<string, Asked>;
  rotation: number;
  waiting: boolean;
  building: { readonly view: number; readonly content: Content } | undefined;
  /** K13: the own lane was read. */
  speaking: boolean;
  halted: Halt | undefined;
  out: Effect[];
}

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

export function emit(state: State, effect: Effect): void {
  state.out.push(effect);
}

export function halt(state: State, reason: Halt): void {
  if (state.halted) return;
  state.halted = reason;
  emit(state, { type: 'halt', halt: reason });
}

/** Views up to this one are decided for good: by a Finalize certificate, whether its block is here or not. */
export function decidedView(state: State): number {
  return Math.max(state.final.view, state.finalize?.view ?? 0);
}

/** K16: votes and proposals of these views are taken. */
export function inReach(state: State, view: number): boolean {
  const decided = decidedView(state);
  return view > decided && view <= state.config.rules.highestView(state.view, decided);
}

export function leaderAt(state: State, view: number): number {
  return leaderOf(state.config.leaders, view);
}

/** May this validator speak in this view at all? */
export function maySpeak(state: State, view: number): boolean {
  return state.speaking && state.config.self !== undefined && view >= state.journalFloor && view > decidedView(state);
}

export function ownVotes(own: OwnSlots): OwnVotes {
  return {
    notarized: own.notarize?.vote !== undefined,
    skipped: own.closing?.ballot.kind === 2,
    finalized: own.closing?.ballot.kind === 3,
  };
}

/** Views that are known, ascending: the order in which they became known must not show. */
export function ascendingViews(state: State): readonly ViewState[] {
  return [...state.views.values()].sort((a, b) => a.view - b.view);
}
