import { unreachable } from '@custos/core-bytes';
import { emit, type State } from './state.js';
import type { Wanted } from './types.js';

function nameOf(wanted: Wanted): string {
  switch (wanted.what) {
    case 'block':
      return wanted.hash;
    case 'certificates':
      return `certificates/${wanted.fromView}`;
    case 'final':
      return `final/${wanted.fromHeight}`;
    default:
      return unreachable(wanted);
  }
}

/** Once until the next standstill tick, which forgets what was asked (K10). */
export function askFor(state: State, wanted: Wanted): void {
  const name = nameOf(wanted);
  if (state.asked.has(name)) return;
  state.asked.add(name);
  const from = wanted.from.filter((validator) => validator !== state.config.self);
  emit(state, { type: 'pull', wanted: { ...wanted, from } });
}
