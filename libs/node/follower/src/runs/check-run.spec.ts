import {
  encodeBlock,
  encodeHeader,
  encodeReceipts,
  hashHeader,
  networkIdOf,
  type BlockHeader,
  type UnhashedHeader,
} from '@custos/core-chain';
import { ZERO_DIGEST, type Digest } from '@custos/core-crypto';
import { QUORUM } from '@custos/core-execution/testing';
import { VOTE, type Certificate } from '@custos/core-finality';
import { nodeHasher as hasher } from '@custos/shell-node-crypto';
import fc from 'fast-check';
import { RunAssembler, type RawRun } from './assemble.js';
import { builtRun, CHAIN, GENESIS, NETWORK, sampleChain } from '../testing/chain.js';
import { checkRun } from './check-run.js';
import type { FollowedBlock } from './run.js';

const [first, second, third] = sampleChain();
const genesis = NETWORK.header;
const headOf = ({ blocks }: { readonly blocks: readonly FollowedBlock[] }): BlockHeader => blocks.at(-1)!.block.header;
const check = (head: BlockHeader, raw: RawRun) => checkRun(NETWORK.trust, head, raw);

async function codeOf(head: BlockHeader, raw: RawRun): Promise<string> {
  const result = await check(head, raw);
  return result.ok ? 'ok' : result.malformed.code;
}

/** The second run with another record on the same blocks. */
const certifiedBy = (finalize: Certificate, closingHeaders: readonly Uint8Array[] = []): RawRun => ({
  ...second.raw,
  record: CHAIN.encodeRecord({ ...second.record, finalize, closingHeaders }),
});

/** The second run with another first block; what stands above it and the record stay. */
function withFirst(change: (was: FollowedBlock) => Uint8Array): RawRun {
  const [{ receipts }, ...rest] = second.raw.blocks as [RawRun['blocks'][0], RawRun['blocks'][0]];
  return { ...second.raw, blocks: [{ block: change(second.blocks[0]!), receipts }, ...rest] };
}

/** The same for its last block, the certified one. */
function withLast(header: Partial<UnhashedHeader>): RawRun {
  const { block } = second.blocks[1]!;
  const { bytes } = encodeBlock(hasher, { ...block.header, ...header }, block.transactions);
  return { ...second.raw, blocks: [second.raw.blocks[0]!, { ...second.raw.blocks[1]!, block: bytes }] };
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

const { finalize } = second.record;
const { epoch, view, ownHash } = headOf(second);
const otherNetwork = networkIdOf(hasher, { ...GENESIS, time: GENESIS.time + 1 });
const [signature, ...signatures] = finalize.signatures as [Uint8Array, ...Uint8Array[]];

describe('checkRun', () => {
  it('K7: takes runs one after the other, with their receipts and record', async () => {
    let head = genesis;
    for (const { raw, blocks, record } of [first, second, third]) {
      expect(await check(head, raw)).toEqual({ ok: true, value: { blocks, record } });
      head = blocks.at(-1)!.block.header;
    }
    expect([...first.blocks, ...third.blocks].flatMap(({ receipts }) => receipts.map(({ code }) => code))).toEqual([
      undefined,
      'SERIAL_REUSED',
    ]);
  });

  it('K7: a later certificate makes final all below it', async () => {
    const blocks = [...first.blocks, ...second.blocks, ...third.blocks];
    const { raw, record } = builtRun(blocks, third.record);
    expect(await check(genesis, raw)).toEqual({ ok: true, value: { blocks, record } });
  });

  it('passes over heights that the reader has', async () => {
    const all = builtRun([...first.blocks, ...second.blocks], second.record);
    expect(await check(headOf(first), all.raw)).toEqual({
      ok: true,
      value: { ...second, raw: undefined, messages: undefined },
    });
    const twice = { ...second.raw, blocks: second.raw.blocks.flatMap((each) => [each, each]) };
    expect(await check(headOf(first), twice)).toMatchObject({ ok: true, value: { blocks: second.blocks } });
    expect(await codeOf(headOf(second), second.raw)).toBe('NOTHING_NEW');
    expect(await codeOf(headOf(third), first.raw)).toBe('NOTHING_NEW');
  });

  it('a record without blocks is old, or reports a gap', async () => {
    const bare = { ...second.raw, blocks: [] };
    expect(await codeOf(headOf(second), bare)).toBe('NOTHING_NEW');
    expect(await codeOf(headOf(third), bare)).toBe('NOTHING_NEW');
    expect(await codeOf(headOf(first), bare)).toBe('GAP');
  });

  it('K14: a certificate of a closing block finalises the block below it', async () => {
    const closing = hashHeader(hasher, {
      ...headOf(second),
      view: view + 1,
      parentView: view,
      previousHash: ownHash,
      transactionRoot: ZERO_DIGEST,
      receiptRoot: ZERO_DIGEST,
    });
    const ballot = { epoch, view: closing.view, kind: VOTE.finalize, hash: closing.ownHash };
    const raw = certifiedBy(CHAIN.certify(ballot), [encodeHeader(closing)]);
    expect(await codeOf(headOf(first), raw)).toBe('ok');
    expect(await codeOf(headOf(first), certifiedBy(finalize, [encodeHeader(closing)]))).toBe('CERTIFICATE_UNRELATED');
  });

  it.each<[string, string, RawRun]>([
    ['a block of the run left out', 'GAP', { ...second.raw, blocks: second.raw.blocks.slice(1) }],
    ['a run that begins above the next height', 'GAP', third.raw],
    ['its last block left out', 'CERTIFICATE_UNRELATED', { ...second.raw, blocks: second.raw.blocks.slice(0, 1) }],
    [
      'a block above the certified one',
      'CERTIFICATE_UNRELATED',
      builtRun([...second.blocks, third.blocks[0]!], second.record).raw,
    ],
    [
      'a transaction dropped',
      'TRANSACTION_ROOT_WRONG',
      withFirst(({ block }) => encodeBlock(hasher, block.header, []).bytes),
    ],
    [
      'a transaction dropped, its root stated',
      'PREVIOUS_HASH_WRONG',
      withFirst(
        ({ block }) => encodeBlock(hasher, { ...block.header, transactionRoot: genesis.transactionRoot }, []).bytes,
      ),
    ],
    ['a link to another block', 'PREVIOUS_HASH_WRONG', withLast({ previousHash: genesis.ownHash })],
    ['another height', 'GAP', withLast({ height: 4 })],
    [
      'a block as old as its parent',
      'TIMESTAMP_WRONG',
      withLast({ timestamp: second.blocks[0]!.block.header.timestamp }),
    ],
    ['a block of another network', 'NETWORK_WRONG', withLast({ networkId: otherNetwork })],
    ['another state root', 'CERTIFICATE_UNRELATED', withLast({ stateRoot: '12'.repeat(32) as Digest })],
    ['a header that is not hashed anew', 'OWN_HASH_WRONG', withFirst(({ block }) => flipped(block.bytes, 100))],
  ])('L3: %s is refused: %s', async (_name, code, raw) => {
    expect(await codeOf(headOf(first), raw)).toBe(code);
  });

  it.each<[string, string, (receipts: FollowedBlock['receipts']) => Uint8Array]>([
    [
      'a receipt that says more',
      'RECEIPT_ROOT_WRONG',
      ([receipt]) =>
        encodeReceipts([{ ...receipt!, changes: [...receipt!.changes, { keys: ['unit/00/1'], set: {} }] }]),
    ],
    [
      'a refusal made of an acceptance',
      'RECEIPT_ROOT_WRONG',
      ([receipt]) => encodeReceipts([{ ...receipt!, outcome: 'refused', code: 'NOT_POSSESSOR', changes: [] }]),
    ],
    [
      'a receipt of another transaction',
      'RECEIPT_ROOT_WRONG',
      ([receipt]) => encodeReceipts([{ ...receipt!, txId: ownHash }]),
    ],
    ['a receipt twice', 'RECEIPT_ROOT_WRONG', ([receipt]) => encodeReceipts([receipt!, receipt!])],
    ['no receipts', 'RECEIPT_ROOT_WRONG', () => encodeReceipts([])],
    ['half a list', 'JSON_INVALID', (receipts) => encodeReceipts(receipts).subarray(0, 40)],
  ])('L5.2: %s is refused: %s', async (_name, code, change) => {
    const [{ receipts }] = second.blocks as [FollowedBlock];
    const blocks = [{ ...second.raw.blocks[0]!, receipts: change(receipts) }, second.raw.blocks[1]!];
    expect(await codeOf(headOf(first), { ...second.raw, blocks })).toBe(code);
  });

  it.each<[string, string, Certificate]>([
    ['two of four', 'QUORUM_MISSING', CHAIN.certify(finalize, [1, 2])],
    ['nobody', 'QUORUM_MISSING', CHAIN.certify(finalize, [])],
    ['a quorum for another block', 'CERTIFICATE_UNRELATED', first.record.finalize],
    [
      'a quorum for a block that nobody shows',
      'CERTIFICATE_UNRELATED',
      CHAIN.certify({ ...finalize, hash: otherNetwork }),
    ],
    [
      'a quorum that only notarised it',
      'NOT_FINALIZE',
      CHAIN.certify({ epoch, view, kind: VOTE.notarize, hash: ownHash }),
    ],
    ['a quorum of another network', 'SIGNATURE_WRONG', CHAIN.certify(finalize, QUORUM, otherNetwork)],
    ['a quorum in another view', 'SIGNATURE_WRONG', { ...finalize, view: view + 1 }],
    ['others than it names', 'SIGNATURE_WRONG', { ...finalize, signers: [0, 1, 3] }],
    ['one of them twice', 'SIGNATURE_WRONG', { ...finalize, signatures: [signature, signature, signatures[1]!] }],
    ['them in another order', 'SIGNATURE_WRONG', { ...finalize, signatures: [...signatures, signature] }],
    [
      'a signature with a flipped bit',
      'SIGNATURE_WRONG',
      { ...finalize, signatures: [flipped(signature, 9), ...signatures] },
    ],
  ])('K6: a run certified by %s is refused: %s', async (_name, code, certificate) => {
    expect(await codeOf(headOf(first), certifiedBy(certificate))).toBe(code);
  });

  it('K6: four of four are as good as three', async () => {
    expect(await codeOf(headOf(first), certifiedBy(CHAIN.certify(finalize, [0, 1, 2, 3])))).toBe('ok');
  });

  it('L4.5: the certificates below serve conviction and may be missing', async () => {
    const record = { ...third.record, certificates: [] };
    expect(third.record.certificates.map(({ kind }) => kind)).toEqual([VOTE.skip, VOTE.notarize, VOTE.notarize]);
    expect(await check(headOf(second), { ...third.raw, record: CHAIN.encodeRecord(record) })).toEqual({
      ok: true,
      value: { blocks: third.blocks, record },
    });
    expect(
      CHAIN.recordOf(
        headOf(second),
        third.blocks.map(({ block }) => block.header),
      ),
    ).toEqual(third.record);
  });

  // Of each message, any byte: whoever carries it can withhold a run, never change it.
  it('K7: a changed byte never changes what is believed', async () => {
    const { messages } = second;
    const place = fc
      .nat({ max: messages.length - 1 })
      .chain((i) =>
        fc.tuple(fc.constant(i), fc.nat({ max: messages[i]!.length - 1 }), fc.integer({ min: 1, max: 255 })),
      );
    await fc.assert(
      fc.asyncProperty(place, async ([i, at, mask]) => {
        const changed = messages.map((message) => Uint8Array.from(message));
        changed[i]![at]! ^= mask;
        const assembler = new RunAssembler(hasher);
        for (const message of changed) {
          const raw = assembler.take(message);
          const result = raw && (await check(headOf(first), raw));
          if (!result?.ok) continue;
          expect(result.value.blocks).toEqual(second.blocks);
          expect(result.value.record.finalize).toEqual(finalize);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('takes any bytes and answers', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const block = fc.record({ block: bytes, receipts: bytes });
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 3 }), bytes, async (blocks, record) => {
        expect((await check(genesis, { blocks, record })).ok).toBe(false);
        expect((await check(genesis, { blocks, record: first.raw.record })).ok).toBe(false);
      }),
    );
  });
});
