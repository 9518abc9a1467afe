import { MAX_TIMESTAMP_AHEAD_MS } from '@custos/core-chain';
import { ok, wrong, type Finding } from './finding.js';

/** An instant that is known to lie between two, milliseconds since 1970. */
export interface Between {
  readonly from: number;
  readonly to: number;
}

/** Theirs was read at some time of ours: the least difference that fits both. */
export function judgeClock(whose: string, theirs: Between, ours: Between): Finding {
  const behind = ours.from - theirs.to;
  const ahead = theirs.from - ours.to;
  const least = Math.max(0, behind, ahead);
  // L3.5: a validator waits with a proposal whose time is further ahead of its own clock.
  if (least <= MAX_TIMESTAMP_AHEAD_MS)
    return ok('clock', `${whose} and this machine agree within ${least + spread(ours)} ms`);
  const side = behind > 0 ? 'behind' : 'ahead of';
  return wrong(
    'clock',
    `${whose} is ${least} ms ${side} this machine; above ${MAX_TIMESTAMP_AHEAD_MS} ms blocks wait`,
    'let NTP set both clocks (timedatectl set-ntp true)',
  );
}

function spread({ from, to }: Between): number {
  return to - from;
}
