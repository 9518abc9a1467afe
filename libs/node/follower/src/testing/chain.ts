import type { JsonObject } from '@custos/core-bytes';
import { encodeFinalMessage, encodeReceipts, type Transaction } from '@custos/core-chain';
import { MAKER, must, SmallChain, smallGenesis } from '@custos/core-execution/testing';
import type { FinalityRecord } from '@custos/core-finality';
import { nodeHasher as hasher, nodeVerify } from '@custos/shell-node-crypto';
import type { RawRun } from '../runs/assemble.js';
import { pinNetwork } from '../pinned-network.js';
import type { FollowedBlock } from '../runs/run.js';

const GENESIS_TIME = 1_760_000_000_000;
export const GENESIS = smallGenesis('followed', GENESIS_TIME);

/** The network as its readers have pinned it. */
export const NETWORK = must(pinNetwork(GENESIS, hasher, nodeVerify));

/** A chain of this network, for certificates and records. */
export const CHAIN = new SmallChain(GENESIS, hasher);

/** A final run, as readers know it and as it travels. */
export interface BuiltRun {
  readonly blocks: readonly FollowedBlock[];
  readonly record: FinalityRecord;
  readonly raw: RawRun;
  /** Returns its messages on the final lane (L4.6). */
  readonly messages: readonly Uint8Array[];
}

export function builtRun(blocks: readonly FollowedBlock[], record: FinalityRecord): BuiltRun {
  const raw = {
    blocks: blocks.map(({ block, receipts }) => ({ block: block.bytes, receipts: encodeReceipts(receipts) })),
    record: CHAIN.encodeRecord(record),
  };
  return { blocks, record, raw, messages: messagesOf(raw, blocks[0]!.block.header.height) };
}

export function messagesOf({ blocks, record }: RawRun, from: number): readonly Uint8Array[] {
  return [
    ...blocks.flatMap(({ block, receipts }, i) => [
      encodeFinalMessage({ type: 'block', bytes: block }),
      encodeFinalMessage({ type: 'receipts', height: from + i, bytes: receipts }),
    ]),
    encodeFinalMessage({ type: 'record', bytes: record }),
  ];
}

const PRODUCT: JsonObject = {
  op: 'register',
  gtin: '04012345000016',
  name: 'Pyrenol 500 mg, 20 tablets',
  levels: [],
  markets: ['DE'],
};
const CAPTURE_HEAD: JsonObject = {
  context: ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { custos: 'urn:custos:epcis:1' }],
  header: {},
  onError: 'rollback',
  salt: '5a'.repeat(32),
};

function commissioning(eventNumber: number, serials: readonly string[], lot: string): JsonObject {
  const place = { id: 'urn:epc:id:sgln:4012345.00000.0' };
  return {
    type: 'ObjectEvent',
    eventID: `urn:uuid:00000000-0000-4000-8000-00000000000${eventNumber}`,
    eventTime: '2025-10-09T08:53:20Z',
    eventTimeZoneOffset: '+02:00',
    readPoint: place,
    bizLocation: place,
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    epcList: serials.map((serial) => `urn:epc:id:sgtin:4012345.000001.${serial}`),
    ilmd: { 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': '2027-06-30' },
  };
}

/** Six blocks in three runs: a product; two packs made, an empty block; a serial made twice (refused), and two more. */
export function sampleChain(): readonly [BuiltRun, BuiltRun, BuiltRun] {
  const chain = new SmallChain(GENESIS, hasher);
  const capture = (at: number, ...event: Parameters<typeof commissioning>): Transaction =>
    chain.sign('capture', MAKER, [CAPTURE_HEAD, commissioning(...event)], { at });
  function run(...contents: readonly (readonly Transaction[])[]): BuiltRun {
    const parent = chain.head;
    // A view is skipped before each run but the first.
    const jump = parent.height === 0 ? 1 : 2;
    const blocks = contents.map((transactions, i) =>
      chain.grow(transactions, { view: chain.head.view + (i === 0 ? jump : 1) }),
    );
    const headers = blocks.map(({ block }) => block.header);
    return builtRun(blocks, chain.recordOf(parent, headers));
  }
  return [
    run([chain.sign('product', MAKER, [PRODUCT], { at: GENESIS_TIME })]),
    run([capture(GENESIS_TIME + 1, 1, ['P1', 'P2'], 'L24A')], []),
    run([capture(GENESIS_TIME + 2, 2, ['P1'], 'L25B')], [], []),
  ];
}
