import { concatBytes, type Json, type JsonObject } from '@custos/core-bytes';
import type { BlockHeader, KindName, Transaction, UnhashedHeader } from '@custos/core-chain';
import { referenceHasher as hasher } from '@custos/core-crypto';
import { SmallChain } from './small-chain.js';
import { MAKER, privateKeyOf, smallGenesis, START, type Signing } from './small-network.js';

// Chain files of a small network with fixed keys and times.

export const FILE_GENESIS_TIME = START;
export const FILE_GENESIS = smallGenesis('audited', FILE_GENESIS_TIME);
export const FILE_NETWORK_ID = new SmallChain(FILE_GENESIS, hasher).networkId;

/** Returns a transaction that the maker signed, unless `signing` gives another key. */
export function signedByMaker(kind: KindName, parts: readonly Json[], signing: Signing = {}): Transaction {
  return new SmallChain(FILE_GENESIS, hasher).sign(kind, MAKER, parts, { key: privateKeyOf(MAKER), ...signing });
}

/** The content of a block, and false values for its header. */
export interface BlockPlan {
  readonly transactions?: readonly Transaction[];
  /** Number of views skipped before it. */
  readonly skips?: number;
  /** Milliseconds that its time is ahead of one block a second. */
  readonly later?: number;
  readonly lie?: Partial<UnhashedHeader>;
}

export interface Piece {
  readonly type: 'block' | 'record';
  readonly bytes: Uint8Array;
  /** Present for a block only. */
  readonly header?: BlockHeader;
}

/** Returns block 0, then a run for each list of plans. A block-invalid block changes no state here. */
export function buildChain(runs: readonly (readonly BlockPlan[])[]): readonly Piece[] {
  const chain = new SmallChain(FILE_GENESIS, hasher);
  function grow({ transactions = [], skips = 0, later = 0, lie = {} }: BlockPlan): Piece & { header: BlockHeader } {
    const view = chain.head.view + 1 + skips;
    const { block } = chain.grow(transactions, { view, timestamp: FILE_GENESIS_TIME + 1_000 * view + later, lie });
    return { type: 'block', bytes: block.bytes, header: block.header };
  }
  const pieces: Piece[] = [{ type: 'block', bytes: chain.first.bytes, header: chain.first.header }];
  for (const plans of runs) {
    const parent = chain.head;
    const blocks = plans.map(grow);
    const record = chain.recordOf(
      parent,
      blocks.map(({ header }) => header),
    );
    pieces.push(...blocks, { type: 'record', bytes: chain.encodeRecord(record) });
  }
  return pieces;
}

export const fileOf = (pieces: readonly Piece[]): Uint8Array => concatBytes(...pieces.map(({ bytes }) => bytes));

export const PRODUCT: JsonObject = {
  op: 'register',
  gtin: '04012345000016',
  name: 'Pyrenol 500 mg, 20 tablets',
  levels: [],
  markets: ['DE'],
};

const CAPTURE_HEAD: JsonObject = {
  context: ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { custos: 'urn:custos:epcis:1' }],
  header: {},
  onError: 'proceed',
  salt: '5a'.repeat(32),
};

/**
 * Returns a capture with one event for each lot. All events commission the same two packs, so only the first is
 * accepted.
 */
export function commissioning(...lots: readonly string[]): readonly Json[] {
  const place = { id: 'urn:epc:id:sgln:4012345.00000.0' };
  const events = lots.map((lot) => ({
    type: 'ObjectEvent',
    eventID: `urn:example:${lot}`,
    eventTime: '2025-10-09T08:53:20Z',
    eventTimeZoneOffset: '+02:00',
    readPoint: place,
    bizLocation: place,
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    epcList: ['P1', 'P2'].map((serial) => `urn:epc:id:sgtin:4012345.000001.${serial}`),
    ilmd: { 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': '2027-06-30' },
  }));
  return [CAPTURE_HEAD, ...events];
}
