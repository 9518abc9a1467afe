// Processor seconds of the processes that ended, from Linux' own accounts.
import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for every program. */
const TICKS_PER_SECOND = 100;

/** Returns the processor seconds of all ended children and theirs; undefined where the system does not say. */
function ofEndedChildren() {
  try {
    // After the name in brackets: the 14th and 15th field are the user and system time of children that were waited for.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

let known = 0;

/** Begins to count anew. Called before a process starts, so that those run synchronously are not its own. */
export function resetProcessorTime() {
  known = ofEndedChildren() ?? 0;
}

/**
 * Returns the processor seconds of the child that has just ended. Called in its `exit` event: no other child can end
 * between two events, so that each of those that run side by side gets its own.
 */
export function takeProcessorTime() {
  const total = ofEndedChildren();
  if (total === undefined) return undefined;
  const spent = total - known;
  known = total;
  return spent;
}
