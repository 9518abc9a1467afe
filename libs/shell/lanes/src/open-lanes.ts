import { resolve } from 'node:path';
import type { TroubleLog } from './backoff.js';
import { fileLanes } from './file/file-lanes.js';
import { kafkaLanes } from './kafka-lanes.js';
import type { Lanes } from './lanes.js';

const FILE = 'file:';

/** Returns the address of file lanes in a folder, for {@link openLanes}. */
export function fileAddress(folder: string): string {
  return FILE + resolve(folder);
}

/** Returns the folder of an address that {@link fileAddress} made; undefined for the address of a broker. */
export function folderOf(address: string): string | undefined {
  return address.startsWith(FILE) ? address.slice(FILE.length) : undefined;
}

/** The name of the process that opens lanes, and its log of trouble with them. */
export interface OpenOptions {
  /** Names this process in a broker's logs. */
  readonly clientId: string;
  readonly log: TroubleLog;
}

/** Opens the lanes of an address: `file:/folder`, or brokers as `host:port`, comma separated. */
export function openLanes(address: string, { clientId, log }: OpenOptions): Lanes {
  const folder = folderOf(address);
  return folder === undefined ? kafkaLanes({ brokers: address.split(','), clientId, log }) : fileLanes({ folder, log });
}
