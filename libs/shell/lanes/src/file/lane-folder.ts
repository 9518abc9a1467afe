import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LaneSpec } from '../lanes.js';

/** Others on this machine read no lane: file modes of POSIX. */
export const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** The file beside the segments that holds the milliseconds which the lane keeps, -1 for ever. */
export const RETENTION_FILE = 'retention';

/** A name that is no path: the names that Kafka takes. */
const NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

/** Returns the folder of a lane. @throws RangeError for a name that Kafka would refuse as well */
export function laneFolder(folder: string, lane: string): string {
  if (!NAME.test(lane)) throw new RangeError(`${lane} is no name of a lane: letters, digits, dot, dash, underscore`);
  return join(folder, lane);
}

/** Makes the folder of a lane unless it is there; who makes it also notes how long the lane keeps. */
export async function makeLane(folder: string, retentionMs?: LaneSpec['retentionMs']): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (made === undefined) return;
  if (retentionMs !== undefined)
    await writeFile(join(folder, RETENTION_FILE), String(retentionMs), { mode: OWNER_ONLY_FILE });
  await syncFolder(dirname(folder));
}

/** Makes the names in a folder durable; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
