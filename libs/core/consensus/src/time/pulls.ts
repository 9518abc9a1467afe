import { unreachable } from '@custos/core-bytes';
import { PEERS_PER_PULL } from '../limits.js';
import { emit, type State } from '../state.js';
import type { Question } from '../types.js';

/**
 * Asks a question once until the next standstill tick or finalisation. `holders` are the validators that must have the
 * answer; empty means that any may. K10: each try goes to the next {@link PEERS_PER_PULL} validators, from the second
 * try on beyond the holders, so that ceil(n / 2) ticks reach every validator, even when some are down or faulty.
 */
export function askFor(state: State, question: Question, holders: readonly number[] = []): void {
  const name = holders.length > 0 ? nameOf(question) : question.what;
  const asked = state.asked.get(name) ?? { tries: 0, isOpen: false };
  if (asked.isOpen) return;
  const from = peersFor(state, holders, asked.tries);
  state.asked.set(name, { tries: asked.tries + 1, isOpen: true });
  emit(state, { type: 'pull', wanted: { ...question, from } });
}

/** Reopens every question. Questions that were not asked since the last time are removed. */
export function reopenQuestions(state: State): void {
  for (const [name, { tries, isOpen }] of state.asked) {
    if (isOpen) state.asked.set(name, { tries, isOpen: false });
    else state.asked.delete(name);
  }
}

function nameOf(question: Question): string {
  switch (question.what) {
    case 'block':
      return question.hash;
    case 'certificates':
      return `certificates/${question.fromView}`;
    case 'final':
      return `final/${question.fromHeight}`;
    default:
      return unreachable(question);
  }
}

/** Returns the validators of one try. Each validator starts at another position, which spreads the load. */
function peersFor({ config }: State, holders: readonly number[], tries: number): readonly number[] {
  const { size } = config.validators;
  const first = (config.self ?? 0) + 1;
  const circle = Array.from({ length: size }, (_, i) => (first + i) % size).filter((peer) => peer !== config.self);
  const named = circle.filter((peer) => holders.includes(peer));
  const rest = circle.filter((peer) => !holders.includes(peer));
  const peers = tries > 0 || named.length === 0 ? [...named, ...rest] : named;
  const count = Math.min(PEERS_PER_PULL, peers.length);
  return Array.from({ length: count }, (_, i) => peers[(tries * PEERS_PER_PULL + i) % peers.length]!);
}
