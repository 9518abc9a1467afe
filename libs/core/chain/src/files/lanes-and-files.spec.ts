import fc from 'fast-check';
import { concatBytes } from '@custos/core-bytes';
import { referenceHasher as hasher, referenceVerify, ZERO_DIGEST } from '@custos/core-crypto';
import { encodeFinalityRecord, VOTE, type Certificate, type FinalityRecord } from '@custos/core-finality';
import {
  chainFile,
  decodeFinalMessage,
  decodePiece,
  decodeProposal,
  decodeVotesMessage,
  encodeBlock,
  encodeFinalMessage,
  encodeHeader,
  encodeProposal,
  encodeVotesMessage,
  endScan,
  finalisedBy,
  justificationThatFits,
  MAX_BLOCK_BYTES,
  MAX_LANE_MESSAGE_BYTES,
  MAX_PROPOSAL_CERTIFICATES,
  proposalCheck,
  proposalMessage,
  SCAN_START,
  scanChainFile,
  scanChunk,
  type ChainItem,
  type ChainPiece,
} from '../index.js';
import {
  certify,
  finalize,
  growChain,
  NETWORK,
  refusalOf,
  SET,
  signAsValidator,
  skip,
  transaction,
} from '../testing/samples.js';

const chain = growChain([{ transactions: [transaction()] }, { view: 5 }, {}]);
const [genesis, first, second, third] = chain.map(({ block }) => block);
const notarize = (view: number, hash: typeof ZERO_DIGEST): Certificate =>
  certify({ epoch: 0, view, kind: VOTE.notarize, hash });
const parent = notarize(1, first!.header.ownHash);
const justification = [parent, skip(2), skip(3), skip(4)];
const signature = signAsValidator(second!.header.proposer, proposalMessage(second!.header.ownHash));
const proposal = { block: second!, signature, certificates: justification };
const record: FinalityRecord = { finalize: finalize(third!), closingHeaders: [], certificates: [skip(4)] };

describe('L4.3 proposals', () => {
  const decode = (bytes: Uint8Array) => decodeProposal(hasher, NETWORK, 4, bytes);

  it('L4.3: round-trips, with its justification', () => {
    const answer = decode(encodeProposal(proposal, 4));
    expect(answer).toEqual({ ok: true, value: proposal });
    const check = proposalCheck(SET, proposal);
    expect(check.ok && referenceVerify(check.value)).toBe(true);
    expect(refusalOf(proposalCheck(SET, { signature, block: { header: { ...second!.header, proposer: 4 } } }))).toBe(
      'SIGNER_UNKNOWN /proposer',
    );
  });

  it.each<[string, readonly Certificate[], string]>([
    ["another block's Notarize", [notarize(1, second!.header.ownHash)], 'CERTIFICATE_UNRELATED'],
    ['a Notarize of another view', [notarize(2, first!.header.ownHash)], 'CERTIFICATE_UNRELATED'],
    ['a Skip of its own view', [skip(5)], 'CERTIFICATE_UNRELATED'],
    ["a Skip of the parent's view", [skip(1)], 'CERTIFICATE_UNRELATED'],
    ['a Finalize certificate', [finalize(first!)], 'CERTIFICATE_UNRELATED'],
    ['descending views', [skip(3), skip(2)], 'ORDER_WRONG'],
    ['one view twice', [skip(3), skip(3)], 'ORDER_WRONG'],
  ])('L4.3: refuses %s', (_name, certificates, code) => {
    expect(refusalOf(decode(encodeProposal({ ...proposal, certificates }, 4)))).toContain(code);
  });

  it('L4.3: a final parent needs no certificate, and one is refused', () => {
    const certificates = [notarize(0, genesis!.header.ownHash)];
    expect(refusalOf(decode(encodeProposal({ block: first!, signature, certificates }, 4)))).toContain('UNRELATED');
    expect(decode(encodeProposal({ block: first!, signature, certificates: [] }, 4)).ok).toBe(true);
  });

  it('L4.3: carries the 64 newest, fewer beside a full block', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ ...skip(3), view: i }));
    const views = (length: number) => justificationThatFits(length, many, 4).map(({ view }) => view);
    expect(views(1_000)).toEqual(Array.from({ length: MAX_PROPOSAL_CERTIFICATES }, (_, i) => 36 + i));
    expect(views(MAX_BLOCK_BYTES)).toHaveLength(MAX_PROPOSAL_CERTIFICATES);
    expect(views(MAX_LANE_MESSAGE_BYTES - 66 - 2 * 238 + 1)).toEqual([99]);
    expect(() => encodeProposal({ ...proposal, certificates: many }, 4)).toThrow(RangeError);
  });

  it('L4.3: refuses a wrong length of its block', () => {
    const bytes = encodeProposal(proposal, 4);
    for (const stated of [0xff, 0x00]) {
      const patched = bytes.slice();
      patched[6] = stated;
      expect(decode(patched).ok).toBe(false);
    }
    expect(decode(concatBytes(bytes, new Uint8Array(1))).ok).toBe(false);
  });
});

describe('L4.6 lane messages', () => {
  it('L4.6: the first byte states the kind of a message on a final lane', () => {
    const messages = [
      { type: 'block', bytes: first!.bytes },
      { type: 'receipts', height: 7, bytes: new Uint8Array([91, 93]) },
      { type: 'record', bytes: encodeFinalityRecord(record, 4) },
    ] as const;
    for (const [i, message] of messages.entries()) {
      const bytes = encodeFinalMessage(message);
      expect(bytes[0]).toBe(i + 1);
      expect(decodeFinalMessage(bytes)).toEqual({ ok: true, value: message });
    }
    for (const code of [0, 4]) expect(refusalOf(decodeFinalMessage(new Uint8Array([code])))).toBe('MESSAGE_UNKNOWN @0');
    expect(refusalOf(decodeFinalMessage(new Uint8Array(0)))).toBe('TRUNCATED @0');
  });

  it('L4.6: the first byte states the kind of a message on a votes lane', () => {
    const vote = { epoch: 0, view: 1, kind: VOTE.skip, hash: ZERO_DIGEST, signer: 2, signature };
    const bytes = encodeFinalityRecord(record, 4);
    const messages = [
      { type: 'vote', vote },
      { type: 'certificate', certificate: parent },
      { type: 'record', record, bytes },
    ] as const;
    for (const [i, message] of messages.entries()) {
      const encoded = encodeVotesMessage(message, 4);
      expect(encoded[0]).toBe(i + 1);
      expect(decodeVotesMessage(encoded, 4)).toEqual({ ok: true, value: message });
    }
    expect(refusalOf(decodeVotesMessage(new Uint8Array([4]), 4))).toBe('MESSAGE_UNKNOWN @0');
    expect(refusalOf(decodeVotesMessage(new Uint8Array(MAX_LANE_MESSAGE_BYTES + 1), 4))).toBe('MESSAGE_TOO_LARGE @0');
  });

  it('throws when it encodes a message over the limit', () => {
    const bytes = new Uint8Array(MAX_LANE_MESSAGE_BYTES);
    expect(() => encodeFinalMessage({ type: 'block', bytes })).toThrow(RangeError);
    expect(() => encodeFinalMessage({ type: 'receipts', height: 1, bytes })).toThrow(RangeError);
  });
});

describe('L8 chain files', () => {
  const pieces = [genesis!.bytes, first!.bytes, second!.bytes, third!.bytes, encodeFinalityRecord(record, 4)];
  const file = chainFile(pieces);
  const scan = (bytes: Uint8Array) => {
    const items: ChainItem[] = [];
    const generator = scanChainFile(hasher, NETWORK, 4, bytes);
    for (;;) {
      const next = generator.next();
      if (next.done) return { items, refusal: next.value };
      items.push(next.value);
    }
  };

  it('L8: is scanned without an index', () => {
    const { items, refusal } = scan(file);
    expect(refusal).toBeUndefined();
    expect(items.map((item) => (item.type === 'block' ? item.block.header.height : 'record'))).toEqual([
      0,
      1,
      2,
      3,
      'record',
    ]);
    expect(items.map(({ offset }) => offset)).toEqual([0, 308, ...[1, 2, 3].map((i) => 308 + lengths(i))]);
  });
  const lengths = (i: number): number => pieces.slice(1, i + 1).reduce((sum, { length }) => sum + length, 0);

  it('L8: is cut into the same pieces for chunks of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        let state = SCAN_START;
        const found: ChainPiece[] = [];
        for (let at = 0, i = 0; at < file.length; at += sizes[i++ % sizes.length]!) {
          const step = scanChunk(state, file.subarray(at, at + sizes[i % sizes.length]!));
          expect(step.malformed).toBeUndefined();
          found.push(...step.pieces);
          state = step.scan;
        }
        expect(found.map(({ bytes }) => bytes)).toEqual(pieces);
        expect(endScan(state)).toEqual({ ok: true, value: file.length });
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a magic', 308 + 1, 'MAGIC_WRONG', '@308'],
    ['a size', 308 + 4, 'TOO_LONG', '@312'],
    ['a header', 308 + 20, 'OWN_HASH_WRONG', '@580'],
    [
      "the certificate's bitmap",
      file.length - 4 - 238 - 2 - 192 - 1,
      'BITMAP_SPARE_BITS',
      `@${file.length - 4 - 238 - 2 - 192 - 1}`,
    ],
  ])('L8: names the first wrong byte when %s is wrong', (_name, at, code, field) => {
    const patched = file.slice();
    patched[at]! ^= 0x80;
    expect(scan(patched).refusal).toMatchObject({ code, field: expect.stringContaining(field) as string });
  });

  it('L8: a file that ends within a piece is valid up to that piece', () => {
    const { items, refusal } = scan(file.subarray(0, 400));
    expect(items).toHaveLength(1);
    expect(refusal).toMatchObject({ code: 'TRUNCATED', field: '@400' });
    expect(scan(new Uint8Array(0))).toEqual({ items: [], refusal: undefined });
  });

  it('L8: a refusal within a transaction names the file offset of its block', () => {
    const bytes = first!.bytes.slice();
    bytes[312] = 9;
    const answer = decodePiece(hasher, NETWORK, 4, { type: 'block', offset: 308, bytes });
    expect(refusalOf(answer)).toBe('VERSION_UNKNOWN @308/transactions/0/@0');
  });
});

describe('K14 the block that a record makes final', () => {
  const roots = { transactionRoot: ZERO_DIGEST, receiptRoot: ZERO_DIGEST };
  const close = (below: typeof third, view: number) =>
    encodeBlock(
      hasher,
      { ...below!.header, ...roots, view, parentView: below!.header.view, previousHash: below!.header.ownHash },
      [],
    );
  const one = close(third, 7);
  const two = close(one, 8);
  const closing = {
    ...record,
    finalize: finalize(two),
    closingHeaders: [one, two].map(({ header }) => encodeHeader(header)),
  };

  it('K7: is the certified block', () => {
    expect(finalisedBy(hasher, record)).toEqual({ ok: true, value: third!.header.ownHash });
  });

  it('K14: is the block below the closing headers', () => {
    expect(finalisedBy(hasher, closing)).toEqual({ ok: true, value: third!.header.ownHash });
  });

  it.each<[string, Partial<FinalityRecord>, string]>([
    ['another order', { closingHeaders: [...closing.closingHeaders].reverse() }, 'PREVIOUS_HASH_WRONG'],
    ['the last one missing', { closingHeaders: closing.closingHeaders.slice(0, 1) }, 'CERTIFICATE_UNRELATED'],
    ['a header that closes nothing', { closingHeaders: [encodeHeader(third!.header)] }, 'NOT_CLOSING'],
    ['a certificate of another epoch', { finalize: { ...closing.finalize, epoch: 1 } }, 'NOT_CLOSING'],
    ['a broken header', { closingHeaders: [new Uint8Array(296)] }, 'VERSION_UNKNOWN'],
  ])('K14: refuses %s', (_name, change, code) => {
    expect(refusalOf(finalisedBy(hasher, { ...closing, ...change }))).toContain(code);
  });
});
