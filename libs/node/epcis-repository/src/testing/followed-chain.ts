import { orReject, type Json, type JsonObject } from '@custos/core-bytes';
import type { KindName, Receipt, Transaction } from '@custos/core-chain';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import {
  AUTHORITY,
  MAKER,
  PHARMACY,
  SmallChain,
  smallGenesis,
  TRADER,
  type Grown,
} from '@custos/core-execution/testing';
import type { Entry } from '@custos/core-state';
import { pinNetwork, type PinnedNetwork } from '@custos/node-follower';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';

export { AUTHORITY, MAKER, PHARMACY, TRADER };
const START = Date.parse('2026-01-05T08:00:00Z');

/** A block as its lane carries it, with what it answered. */
export interface FollowedBlock extends Grown {
  readonly messages: readonly Uint8Array[];
}

/** A network in this process whose blocks are what a follower reads: captures of its four members. */
export class FollowedChain {
  readonly network: PinnedNetwork;
  readonly blocks: FollowedBlock[] = [];
  private readonly chain: SmallChain;
  private captured = 0;

  constructor(name = 'small') {
    const genesis = smallGenesis(name, START);
    this.network = orReject(pinNetwork(genesis, nodeHasher, nodeVerify));
    this.chain = new SmallChain(genesis, nodeHasher);
  }

  /** The state as validators have it; rows are compared with it. */
  get state(): ReadonlyMap<string, Entry> {
    return this.chain.state;
  }

  /** Time of the newest block: what events of the next one may say. */
  get now(): number {
    return this.chain.head.timestamp;
  }

  /** Messages of the final lane from a height on, as a validator would answer a pull. */
  messagesFrom(height: number): readonly Uint8Array[] {
    return this.blocks.slice(Math.max(height, 1) - 1).flatMap(({ messages }) => messages);
  }

  sign(kind: KindName, gln: string, parts: readonly Json[]): Transaction {
    return this.chain.sign(kind, gln, parts);
  }

  /** One transaction of events; those without an eventID get one. Every capture has a salt of its own. */
  capture(gln: string, events: readonly JsonObject[], onError: 'rollback' | 'proceed' = 'proceed'): Transaction {
    this.captured++;
    const salt = this.captured.toString(16).padStart(64, '0');
    const named = events.map((event, i) => ({ eventID: `urn:event:${this.captured}:${i}`, ...event }));
    return this.sign('capture', gln, [{ context: CUSTOS_CONTEXT, header: {}, onError, salt }, ...named]);
  }

  /** Executes a block of these transactions and makes it final. */
  add(...transactions: readonly Transaction[]): FollowedBlock {
    const grown = this.chain.grow(transactions);
    const added = { ...grown, messages: this.chain.finalMessages(grown) };
    this.blocks.push(added);
    return added;
  }

  /** A block with one capture; the receipts of its events. */
  do(gln: string, ...events: readonly JsonObject[]): readonly Receipt[] {
    return this.add(this.capture(gln, events)).receipts;
  }
}
