import { orReject } from '@custos/core-bytes';
import { decodeFinalMessage, decodeHeader, finalisedBy, type FinalMessage } from '@custos/core-chain';
import { decodeFinalityRecord, HEADER_LENGTH } from '@custos/core-finality';
import { laneName, openLanes, type Lanes } from '@custos/shell-lanes';
import { nodeHasher } from '@custos/shell-node-crypto';
import type { Network } from '../network.js';
import { memberOf } from '../topology.js';
import { runsFrom } from './read-chain.js';
import { until } from './until.js';

/** Of a block: magic and size (L3). */
const FRAME_LENGTH = 8;

const typed = (bytes: Uint8Array): FinalMessage => orReject(decodeFinalMessage(bytes));

function laneOf({ topology }: Network, member: string): string {
  return laneName(topology.network, 'final', memberOf(topology, member).gln);
}

async function withLanes<T>({ servers }: Network, work: (lanes: Lanes) => Promise<T>): Promise<T> {
  const lanes = openLanes(servers.lanes, { clientId: 'faults', log: () => undefined });
  try {
    return await work(lanes);
  } finally {
    await lanes.close();
  }
}

/**
 * Brings the final lane of a validator that was killed to where a kill between two sends leaves it: the blocks and
 * receipts of its next run stand there, their record does not. The bytes are another validator's, which executed the
 * same blocks. Returns their heights.
 */
export function cutRun(network: Network, killed: string, living: string): Promise<readonly number[]> {
  return withLanes(network, async (lanes) => {
    const lane = laneOf(network, killed);
    const from = (await heightOf(network, living, (await lanes.last(lane))!.value)) + 1;
    const messages = await until(`a run from ${from} on`, async () => {
      const run = await runsFrom(network, living, from);
      return run.length > 0 && run;
    });
    const end = messages.findIndex((message) => typed(message).type === 'record');
    const begun = messages.slice(0, end);
    await lanes.publish(lane, begun);
    return begun.map(typed).flatMap((message) => (message.type === 'receipts' ? [message.height] : []));
  });
}

/** Of the block that the last message of a lane speaks of. */
async function heightOf(network: Network, living: string, last: Uint8Array): Promise<number> {
  const message = typed(last);
  if (message.type !== 'record') throw new Error(`the lane ends with ${message.type}`);
  const hash = orReject(
    finalisedBy(nodeHasher, orReject(decodeFinalityRecord(message.bytes, network.topology.members.length))),
  );
  return until(`block ${hash} at ${living}`, async () => {
    let from = 1;
    for (;;) {
      const messages = await runsFrom(network, living, from);
      if (messages.length === 0) return undefined;
      for (const each of messages.map(typed)) {
        if (each.type !== 'block') continue;
        const header = orReject(
          decodeHeader(nodeHasher, each.bytes.subarray(FRAME_LENGTH, FRAME_LENGTH + HEADER_LENGTH)),
        );
        if (header.ownHash === hash) return header.height;
        from = header.height + 1;
      }
    }
  });
}

/** Heights in the order in which a validator's final lane tells their receipts, from its beginning to this height. */
export function heightsOnLane(network: Network, member: string, to: number): Promise<readonly number[]> {
  return withLanes(network, async (lanes) => {
    const heights: number[] = [];
    await lanes.subscribe('final', [{ lane: laneOf(network, member), from: 'beginning' }], async (batch) => {
      for (const { value } of batch) {
        const message = typed(value);
        if (message.type === 'receipts') heights.push(message.height);
      }
    });
    await until(`height ${to} on the lane of ${member}`, () => heights.at(-1)! >= to);
    return heights;
  });
}
