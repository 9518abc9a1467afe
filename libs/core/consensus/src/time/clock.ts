import { HEARTBEAT_MS, MAX_CLOCK_AHEAD_MS, MAX_EXECUTION_PAUSE_MS, SILENCE_IN_T0 } from '../limits.js';
import { decidedView, emit, leaderAt, type State, type Times } from '../state.js';

export const heartbeatOf = (given: number | undefined): number => given ?? HEARTBEAT_MS;

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

/** Counts the time since the last input, by how matters stood then. A clock that jumps back adds nothing. */
export function passTime(times: Times, clock: number): void {
  // Whole milliseconds, or the deadline would move with every input.
  const now = Math.floor(clock);
  const passed = Math.max(0, now - times.now);
  times.now = now;
  // A clock that jumped back must not hold the heartbeat for as long as the jump.
  times.finalAt = Math.min(times.finalAt, now);
  if (!times.running) return;
  times.ran += passed;
  if (times.pausing) times.paused += passed;
  else times.inView += passed;
}

/** K9: the view's timer starts anew with every view, and with every finalisation, which makes it shorter. */
export function restartView(times: Times): void {
  times.inView = 0;
  times.paused = 0;
}

/** K9: milliseconds that the current view has. */
export function advanceTime(state: State): number {
  return state.config.rules.advanceAfter(state.config.t0, state.view - decidedView(state) - 1);
}

/** K11: an idle network shows that it lives. */
export function isHeartbeatDue({ times, config }: State): boolean {
  return times.now - times.finalAt >= config.heartbeat;
}

/** K9: the timers run only when there is work. */
export function hasWork(state: State): boolean {
  return (
    state.waiting ||
    isUnfinished(state) ||
    isHeartbeatDue(state) ||
    state.ordered.some(({ block }) => block.view >= state.view) ||
    state.skipped.filter((view) => view >= state.view).length > state.config.validators.faults
  );
}

/** A certified block is not final here. */
export function isUnfinished(state: State): boolean {
  return state.notarized > state.final.view || decidedView(state) > state.final.view;
}

export function isTimeOver(state: State): boolean {
  return hasWork(state) && state.times.inView >= advanceTime(state);
}

/** K12: how long this validator has signed nothing, in time that counts. */
function silenceOf({ times, heard }: State, validator: number): number {
  return times.ran - (heard[validator] ?? 0);
}

/** K12: only the leader's silence counts as one; when a quorum is silent, it is this node that hears nothing. */
export function isLeaderSilent(state: State): boolean {
  const { self, t0, validators } = state.config;
  const leader = leaderAt(state, state.view);
  const limit = SILENCE_IN_T0 * t0;
  if (leader === self || silenceOf(state, leader) < limit || !hasWork(state)) return false;
  let present = 0;
  for (let i = 0; i < validators.size; i++) if (i === self || silenceOf(state, i) < limit) present++;
  return present >= validators.quorum;
}

/** K9: the timer stands still while this view's proposal executes, for a while. */
function isPausing(state: State): boolean {
  if (state.times.paused >= MAX_EXECUTION_PAUSE_MS) return false;
  return state.ordered.some(({ block, status }) => block.view === state.view && status === 'executing');
}

/** Fixes how time counts until the next input, and tells the host the one deadline when it has changed. */
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
  // A timestamp that is waited for (L3.5).
  for (const { block, status } of state.ordered)
    if (status === 'valid') instants.push(block.timestamp - MAX_CLOCK_AHEAD_MS);
  if (times.running) instants.push(...runningDeadlines(state).map((left) => times.now + Math.ceil(left)));
  instants.push(times.finalAt + config.heartbeat);
  const future = instants.filter((at) => at > times.now);
  return future.length === 0 ? undefined : Math.min(...future);
}

/** Milliseconds of running time until something is due; what is due already was done. */
function runningDeadlines(state: State): readonly number[] {
  const { times, config } = state;
  const advance = advanceTime(state);
  const left = [config.rules.standstillAfter(config.t0) - (times.ran - times.stoodSince)];
  left.push(SILENCE_IN_T0 * config.t0 - silenceOf(state, leaderAt(state, state.view)));
  if (times.pausing) left.push(MAX_EXECUTION_PAUSE_MS - times.paused);
  else left.push(advance - times.inView, config.rules.emptyAfter(advance) - times.inView);
  return left.filter((milliseconds) => milliseconds > 0 && milliseconds < Infinity);
}
