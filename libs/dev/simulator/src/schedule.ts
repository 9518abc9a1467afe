import type { Rules } from '@custos/core-consensus';
import type { CrashPoint } from './adversaries/crash-point.js';
import type { DiskFaults } from './twins/sim-disk.js';
import type { WireFaults } from './twins/sim-lanes.js';

/** How one validator lies, instead of running the host. */
export type Lie =
  /** Says nothing at all. */
  | 'silent'
  /** Votes for and against everything it sees. */
  | 'votes for everything'
  /** Votes for views that are far from their turn. */
  | 'votes far ahead'
  /** Proposes on the block below the one it should, and twice. */
  | 'proposes on a stale parent';

/** Everything that makes one simulation what it is; with the seed it is the same for ever. */
export interface Schedule {
  readonly seed: number;
  readonly validators: number;
  /** Milliseconds. */
  readonly t0: number;
  readonly wire: WireFaults;
  readonly disk: DiskFaults;
  readonly liar?: { readonly index: number; readonly lie: Lie };
  readonly rules?: Rules;
  /** A power cut of one validator at one of its effects, and its restart soon after. */
  readonly crashAt?: CrashPoint;
}

export const QUIET: WireFaults = { loss: 0, duplicates: 0, delay: [1, 8], reorders: false };
export const STORMY: WireFaults = { loss: 0.3, duplicates: 0.2, delay: [1, 250], reorders: true };
export const DISK: DiskFaults = { write: [0.2, 4] };

/** Four honest validators, a quiet wire: what differs is said where it is used. */
export function schedule(seed: number, other: Partial<Schedule> = {}): Schedule {
  return { seed, validators: 4, t0: 400, wire: QUIET, disk: DISK, ...other };
}
