import { concatBytes } from '@custos/core-bytes';
import { referenceHasher as hasher, ZERO_DIGEST, type Digest } from '@custos/core-crypto';
import { HEADER_LENGTH } from '@custos/core-finality';
import {
  checkParent,
  decodeBlock,
  decodeHeader,
  decodeTransaction,
  EMPTY_BLOCK_LENGTH,
  encodeBlock,
  encodeHeader,
  hashHeader,
  isClosing,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_TRANSACTIONS,
  transactionRootOf,
  type BlockHeader,
  type Transaction,
} from '../index.js';
import { BLOCK_0, growChain, NETWORK, refusalOf, transaction, valueOf } from '../testing/samples.js';

const one = transaction();
const two = transaction({ createdAt: one.head.createdAt + 1 });
const [, first] = growChain([{ transactions: [one, two] }]);
const { header, bytes } = first!.block;
const decode = (input: Uint8Array) => decodeBlock(hasher, NETWORK, input);
const withHeader = (change: Partial<BlockHeader>, transactions: readonly Transaction[] = [one, two]) =>
  encodeBlock(hasher, { ...header, ...change }, transactions);

describe('L3 blocks', () => {
  it('L3: round-trips, and keeps the bytes it was decoded from', () => {
    const answer = decode(bytes);
    expect(answer.ok && answer.value.header).toEqual(header);
    expect(answer.ok && answer.value.transactions).toEqual([one, two]);
    expect(answer.ok && answer.value.bytes).toBe(bytes);
    expect(BLOCK_0.bytes.length).toBe(EMPTY_BLOCK_LENGTH);
    expect(encodeHeader(header).length).toBe(HEADER_LENGTH);
  });

  it('L2.3: a transaction that is known by all its bytes is not decoded again', () => {
    const asked: Digest[] = [];
    const answer = decodeBlock(hasher, NETWORK, bytes, (hash) => {
      asked.push(hash);
      return hash === one.bytesHash ? one : undefined;
    });
    expect(asked).toEqual([one.bytesHash, two.bytesHash]);
    expect(answer.ok && answer.value.transactions[0]).toBe(one);
    expect(answer.ok && answer.value.transactions[1]).not.toBe(two);
  });

  it.each([
    ['another magic', 0, 'MAGIC_WRONG @0'],
    ['another size', 7, 'SIZE_WRONG @4'],
    ['another version', 9, 'VERSION_UNKNOWN @8'],
    ['a header that is not its hash', 60, 'OWN_HASH_WRONG @272'],
    ['another ownHash', 8 + HEADER_LENGTH - 1, 'OWN_HASH_WRONG @272'],
    ['a transaction that is malformed', EMPTY_BLOCK_LENGTH + 4, 'VERSION_UNKNOWN /transactions/0/@0'],
    ['more transactions than it holds', EMPTY_BLOCK_LENGTH - 1, 'TRUNCATED @'],
  ])('L3.1: refuses %s', (_name, at, refusal) => {
    const patched = bytes.slice();
    patched[at]! ^= 0x04;
    expect(refusalOf(decode(patched))).toContain(refusal);
  });

  it('L3.2: refuses transactions that are not under transactionRoot', () => {
    const swapped = encodeBlock(hasher, header, [two, one]);
    expect(refusalOf(decode(swapped.bytes))).toBe('TRANSACTION_ROOT_WRONG /transactionRoot');
  });

  it('L2.5: refuses one transaction twice, even with other signatures', () => {
    const other = one.bytes.slice();
    other[100]! ^= 1;
    const repeated = [one, valueOf(decodeTransaction(hasher, NETWORK, other))];
    expect(repeated[1]!.bytesHash).not.toBe(one.bytesHash);
    const block = withHeader({ transactionRoot: transactionRootOf(hasher, repeated) }, repeated);
    expect(refusalOf(decode(block.bytes))).toBe('TRANSACTION_REPEATED /transactions/1');
  });

  it('L3: refuses a block of another network, and trailing bytes', () => {
    expect(refusalOf(decode(withHeader({ networkId: ZERO_DIGEST }).bytes))).toBe('NETWORK_WRONG /networkId');
    expect(refusalOf(decode(concatBytes(bytes, new Uint8Array(1))))).toBe('SIZE_WRONG @4');
    expect(refusalOf(decode(new Uint8Array(MAX_BLOCK_BYTES + 1)))).toBe('BLOCK_TOO_LARGE @0');
  });

  it('throws when it encodes a block over the limits', () => {
    const many = Array.from({ length: MAX_BLOCK_TRANSACTIONS + 1 }, () => one);
    expect(() => encodeBlock(hasher, header, many)).toThrow(RangeError);
    const large = { ...one, bytes: new Uint8Array(MAX_BLOCK_BYTES) };
    expect(() => encodeBlock(hasher, header, [large])).toThrow(RangeError);
  });

  it('K14: a closing block has zero roots; a block with a transaction is no closing block', () => {
    const roots = { transactionRoot: ZERO_DIGEST, receiptRoot: ZERO_DIGEST };
    const closing = withHeader(roots, []);
    expect(isClosing(closing.header)).toBe(true);
    expect(isClosing(header)).toBe(false);
    expect(decode(closing.bytes).ok).toBe(true);
    expect(refusalOf(decode(withHeader(roots, [one]).bytes))).toContain('TRANSACTION_ROOT_WRONG');
  });
});

describe('L3.1 headers', () => {
  it('L3.1: ownHash binds every field', () => {
    const { ownHash, ...unhashed } = header;
    const changed = Object.entries(unhashed).map(([name, value]) =>
      hashHeader(hasher, { ...unhashed, [name]: typeof value === 'number' ? value + 1 : 'cd'.repeat(32) }),
    );
    expect(new Set([ownHash, ...changed.map((each) => each.ownHash)]).size).toBe(changed.length + 1);
  });

  it('L3: a header has one length', () => {
    const encoded = encodeHeader(header);
    expect(decodeHeader(hasher, encoded)).toEqual({ ok: true, value: header });
    expect(refusalOf(decodeHeader(hasher, encoded.subarray(1)))).toBe('SIZE_WRONG @0');
  });

  it.each([
    ['networkId', ZERO_DIGEST, 'NETWORK_WRONG'],
    ['previousHash', ZERO_DIGEST, 'PREVIOUS_HASH_WRONG'],
    ['height', 3, 'HEIGHT_WRONG'],
    ['timestamp', 0, 'TIMESTAMP_WRONG'],
    ['epoch', 2, 'EPOCH_WRONG'],
    ['parentView', 0, 'PARENT_VIEW_WRONG'],
    ['view', 1, 'VIEW_WRONG'],
  ])('L3, L3.5: refuses a wrong %s on the parent', (name, value, code) => {
    const [, parent, child] = growChain([{}, { view: 4 }]);
    const next = child!.block.header;
    expect(checkParent(next, parent!.block.header).ok).toBe(true);
    expect(refusalOf(checkParent({ ...next, [name]: value }, parent!.block.header))).toContain(code);
  });

  it('L3.5: refuses the timestamp of the parent', () => {
    const next = { ...header, timestamp: BLOCK_0.header.timestamp };
    expect(refusalOf(checkParent(next, BLOCK_0.header))).toContain('TIMESTAMP_WRONG');
    expect(checkParent(header, BLOCK_0.header).ok).toBe(true);
  });

  it('K14: the first block of an epoch names no parent view', () => {
    const next = {
      ...header,
      epoch: 1,
      view: 1,
      height: header.height + 1,
      previousHash: header.ownHash,
      timestamp: header.timestamp + 1,
    };
    expect(checkParent({ ...next, parentView: 0 }, header).ok).toBe(true);
    expect(refusalOf(checkParent({ ...next, parentView: 1 }, header))).toContain('PARENT_VIEW_WRONG');
  });
});
