import { readFileSync } from 'node:fs';
import type { Child } from '../child.js';
import type { Network } from '../network.js';

/** `sysconf(_SC_CLK_TCK)` of every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  readonly name: string;
  /** Milliseconds of processor since its start, user and system. */
  readonly cpuMs: number;
  /** Resident memory, MB (10^6 bytes). */
  readonly rssMb: number;
}

/** What each process of the network has used so far, from /proc; nothing where there is no /proc. */
export function usageOf({ validators, services, trace }: Network): readonly Usage[] {
  if (process.platform !== 'linux') return [];
  return [...validators.values(), ...services.values(), trace].flatMap(usage);
}

function usage({ name, pid }: Child): readonly Usage[] {
  if (pid === undefined) return [];
  // The name of the program stands in brackets and may hold spaces (proc_pid_stat(5)); fields 14 and 15 are the times.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = Number.parseInt(status.slice(status.indexOf('VmRSS:') + 'VmRSS:'.length), 10);
  return [{ name, cpuMs: (ticks * 1000) / TICKS_PER_SECOND, rssMb: (kibibytes * 1024) / 1e6 }];
}
