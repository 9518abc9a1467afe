import { readFileSync } from 'node:fs';
import { orReject, type Json } from '@custos/core-bytes';
import {
  decodeBlock,
  decodeFinalMessage,
  decodeReceipts,
  genesisOf,
  networkIdOf,
  payloadOf,
  type Receipt,
  type Transaction,
} from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import { ANSWER_TIMEOUT_MS, memberClient } from '@custos/shell-member-client';
import { fileSigner, nodeHasher } from '@custos/shell-node-crypto';
import type { Network } from '../network.js';
import { marksIn } from './requests.js';
import { until } from './until.js';

/** One event on the chain, and what the law said of it. */
interface ReadEvent {
  readonly transaction: Digest;
  readonly height: number;
  readonly outcome: Receipt['outcome'];
}

/** The chain as one validator tells it. */
export interface ReadChain {
  readonly height: number;
  /** Of each transaction; one that is there twice is an error. */
  readonly heights: ReadonlyMap<Digest, number>;
  /** Events that hold a mark of ours, by mark. */
  readonly events: ReadonlyMap<string, readonly ReadEvent[]>;
}

/** Messages of a validator's final lane from a height on, as it answers a member. */
export async function runsFrom(network: Network, member: string, from: number): Promise<readonly Uint8Array[]> {
  const client = memberClient(network.validatorUrl(member), await asMember(network), ANSWER_TIMEOUT_MS);
  return until(`${member}: runs from ${from}`, () => client.runs(from));
}

async function asMember({ state, topology }: Network) {
  const genesis = orReject(genesisOf(JSON.parse(readFileSync(state.genesisFile, 'utf8')) as Json));
  const signer = await fileSigner(state.partyKeyFile(topology.reader));
  return { networkId: networkIdOf(nodeHasher, genesis), signer, now: Date.now };
}

export async function readChain(network: Network, member: string): Promise<ReadChain> {
  const { networkId } = await asMember(network);
  const heights = new Map<Digest, number>();
  const events = new Map<string, ReadEvent[]>();
  let height = 0;
  const take = (transactions: readonly Transaction[], receipts: readonly Receipt[], at: number) => {
    for (const transaction of transactions) {
      const { id } = transaction;
      if (heights.has(id)) throw new Error(`transaction ${id} stands at ${heights.get(id)} and at ${at}`);
      heights.set(id, at);
      const judged = receipts.filter(({ txId }) => txId === id);
      // L5.2: part 0 of a capture is its head, the others are its events.
      payloadOf(transaction).forEach((part, i, { length }) => {
        const receipt = judged[length > 1 ? i - 1 : 0];
        if (receipt === undefined) return;
        for (const mark of marksIn(JSON.stringify(part)))
          events.set(mark, [...(events.get(mark) ?? []), { transaction: id, height: at, outcome: receipt.outcome }]);
      });
    }
  };
  for (;;) {
    const messages = await runsFrom(network, member, height + 1);
    if (messages.length === 0) return { height, heights, events };
    let transactions: readonly Transaction[] = [];
    for (const bytes of messages) {
      const message = orReject(decodeFinalMessage(bytes));
      if (message.type === 'block') ({ transactions } = orReject(decodeBlock(nodeHasher, networkId, message.bytes)));
      if (message.type === 'receipts') {
        take(transactions, orReject(decodeReceipts(message.bytes)), message.height);
        height = message.height;
      }
    }
  }
}
