import { HEARTBEAT_MS, MAX_CLOCK_AHEAD_MS, MAX_EXECUTION_PAUSE_MS, SILENCE_IN_T0 } from '../limits.js';
import { decidedView, emit, leaderAt, type State, type Times } from '../state.js';

/** Returns the given heartbeat in milliseconds, or the default (K11). */
export const heartbeatOf = (given: number | undefined): number => given ?? HEARTBEAT_MS;

/** Returns the clocks at a start. The start counts as the last finalisation. */
export function startTimes(now: number): Times {
  return {
    now: Math.floor(now),
    ran: 0,
    inView: 0,
    paused: 0,
    stoodSince: 0,
    finalAt: Math.floor(now),
    running: false,
    pausing: false,
    deadline: undefined,
  };
}

/** Adds the time since the last input to the clocks that ran then. A clock that jumps back adds nothing. */
export function passTime(times: Times, clock: number): void {
  // Whole milliseconds, because otherwise the deadline would move with every input.
  const now = Math.floor(clock);
  const passed = Math.max(0, now - times.now);
  times.now = now;
  // A clock that jumped back must not delay the heartbeat by the length of the jump.
  times.finalAt = Math.min(times.finalAt, now);
  if (!times.running) return;
  times.ran += passed;
  if (times.pausing) times.paused += passed;
  else times.inView += passed;
}

/** K9: restarts the view's timer, with every view and with every finalisation, which makes it shorter. */
export function restartView(times: Times): void {
  times.inView = 0;
  times.paused = 0;
}

/** K9: returns the advance timer of the current view in milliseconds. */
export function advanceTime(state: State): number {
  return state.config.rules.advanceAfter(state.config.t0, state.view - decidedView(state) - 1);
}

/** K11: reports whether the heartbeat is due, the block by which an idle network shows that it is live. */
export function isHeartbeatDue({ times, config }: State): boolean {
  return times.now - times.finalAt >= config.heartbeat;
}

/** K9: reports whether there is work. The timers run only then. */
export function hasWork(state: State): boolean {
  return (
    state.waiting ||
    isUnfinished(state) ||
    isHeartbeatDue(state) ||
    state.ordered.some(({ block }) => block.view >= state.view) ||
    state.skipped.filter((view) => view >= state.view).length > state.config.validators.faults
  );
}

/** Reports whether a certified block is not final here. */
function isUnfinished(state: State): boolean {
  return state.notarized > state.final.view || decidedView(state) > state.final.view;
}

/** Reports whether the current view's advance timer has expired (K9, K6). */
export function isTimeOver(state: State): boolean {
  return hasWork(state) && state.times.inView >= advanceTime(state);
}

/** K12: returns the running time in milliseconds since the last message of this validator. */
function silenceOf({ times, heard }: State, validator: number): number {
  return times.ran - (heard[validator] ?? 0);
}

/**
 * K12: reports whether the leader of the current view is silent while a quorum, this node included, is present. When a
 * quorum is silent, this node itself is cut off.
 */
export function isLeaderSilent(state: State): boolean {
  const { self, t0, validators } = state.config;
  const leader = leaderAt(state, state.view);
  const limit = SILENCE_IN_T0 * t0;
  if (leader === self || silenceOf(state, leader) < limit || !hasWork(state)) return false;
  let present = 0;
  for (let i = 0; i < validators.size; i++) if (i === self || silenceOf(state, i) < limit) present++;
  return present >= validators.quorum;
}

/** K9: reports whether execution of this view's proposal stops the timer, for MAX_EXECUTION_PAUSE_MS at most. */
function isPausing(state: State): boolean {
  if (state.times.paused >= MAX_EXECUTION_PAUSE_MS) return false;
  return state.ordered.some(({ block, status }) => block.view === state.view && status === 'executing');
}

/** Sets which clocks run until the next input, and emits the deadline when it has changed. */
export function setDeadline(state: State): void {
  const { times } = state;
  times.running = state.halted === undefined && hasWork(state);
  times.pausing = isPausing(state);
  const at = state.halted ? undefined : nextDeadline(state);
  if (at === times.deadline) return;
  times.deadline = at;
  emit(state, { type: 'set-timer', at });
}

function nextDeadline(state: State): number | undefined {
  const { times, config } = state;
  const instants: number[] = [];
  // The time at which a block's timestamp is no longer too far ahead (L3.5).
  for (const { block, status } of state.ordered)
    if (status === 'valid') instants.push(block.timestamp - MAX_CLOCK_AHEAD_MS);
  if (times.running) instants.push(...runningDeadlines(state).map((left) => times.now + Math.ceil(left)));
  instants.push(times.finalAt + config.heartbeat);
  const future = instants.filter((at) => at > times.now);
  return future.length === 0 ? undefined : Math.min(...future);
}

/** Returns the milliseconds of running time until each event that is not due yet. */
function runningDeadlines(state: State): readonly number[] {
  const { times, config } = state;
  const advance = advanceTime(state);
  const left = [config.rules.standstillAfter(config.t0) - (times.ran - times.stoodSince)];
  left.push(SILENCE_IN_T0 * config.t0 - silenceOf(state, leaderAt(state, state.view)));
  if (times.pausing) left.push(MAX_EXECUTION_PAUSE_MS - times.paused);
  else left.push(advance - times.inView, config.rules.emptyAfter(advance) - times.inView);
  return left.filter((milliseconds) => milliseconds > 0 && milliseconds < Infinity);
}
