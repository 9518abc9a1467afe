import fc from 'fast-check';
import { canonicalJson, concatBytes, fromHex, utf8, Writer, type Json } from '@custos/core-bytes';
import { digestOf, referenceHasher as hasher, referenceVerify } from '@custos/core-crypto';
import { merkleRoot } from '@custos/core-merkle';
import {
  CLOCK_SKEW_MS,
  decodeHead,
  decodeTransaction,
  isInWindow,
  MAX_EVENTS,
  MAX_LIFE_MS,
  MAX_TRANSACTION_BYTES,
  payloadOf,
  transactionChecks,
  unsignedTransaction,
} from '../index.js';
import {
  BLOCK_0,
  GENESIS_TIME,
  KEY_IDS,
  NETWORK,
  refusalOf,
  SIGNERS,
  transaction,
  transactionBytes,
} from '../testing/samples.js';

const decode = (bytes: Uint8Array) => decodeTransaction(hasher, NETWORK, bytes);
const draft = { kind: 1, keyIds: KEY_IDS.slice(0, 1), createdAt: 1_000, expiresAt: 2_000, parts: [{}, {}] as Json[] };

/** A head of one signer over these parts, with some bytes replaced. */
function forge(parts: readonly Uint8Array[], patch: Readonly<Record<number, number>> = {}): Uint8Array {
  const head = transactionBytes().slice(0, 1 + 1 + 1 + 32 + 8 + 8 + 2 + 32 + 64);
  head[52] = parts.length;
  head.set(fromHex(merkleRoot(hasher, parts))!, 53);
  for (const [at, byte] of Object.entries(patch)) head[Number(at)] = byte;
  const sized = parts.map((part) => new Writer().sized(part).finish());
  return concatBytes(head, ...sized);
}

describe('L2.1 transactions', () => {
  it('L2.1: round-trips', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { minLength: 2, maxLength: 6 }), (parts) => {
        const bytes = transactionBytes({ parts: parts as Json[] });
        const answer = decode(bytes);
        expect(answer.ok && payloadOf(answer.value).map(canonicalJson)).toEqual(
          parts.map((part) => canonicalJson(part as Json)),
        );
        expect(answer.ok && answer.value.bytes).toBe(bytes);
      }),
      { numRuns: 30 },
    );
  });

  it('L2.2: the id covers what was signed, not the signatures', () => {
    const bytes = transactionBytes();
    const one = transaction();
    bytes[85 + 10]! ^= 1;
    const other = decode(bytes);
    expect(other.ok && other.value.id).toBe(one.id);
    expect(other.ok && other.value.bytesHash).not.toBe(one.bytesHash);
    expect(one.bytesHash).toBe(digestOf(hasher.digest(one.bytes)));
  });

  it('L2.2: id and message bind the network', () => {
    const here = unsignedTransaction(hasher, NETWORK, draft);
    const there = unsignedTransaction(hasher, BLOCK_0.header.ownHash, draft);
    expect(here.id).not.toBe(there.id);
    expect(here.message).not.toEqual(there.message);
  });

  it('L2.2: returns one check for each signer, in order', () => {
    const tx = transaction({ kind: 2, keyIds: KEY_IDS, parts: [{ party: '4012345000009' }] });
    const keyOf = (id: (typeof KEY_IDS)[number]) => SIGNERS.get(id)?.publicKey;
    const checks = transactionChecks(NETWORK, tx, keyOf);
    expect(checks.ok && checks.value.map(referenceVerify)).toEqual([true, true, true]);
    const active = (id: (typeof KEY_IDS)[number]) => (id === KEY_IDS[1] ? undefined : keyOf(id));
    expect(refusalOf(transactionChecks(NETWORK, tx, active))).toBe('KEY_UNKNOWN /keyIds/1');
  });

  it('the draft states its size, and the head is the leaf', () => {
    const unsigned = unsignedTransaction(hasher, NETWORK, draft);
    const bytes = unsigned.finish([new Uint8Array(64)]);
    expect(bytes.length).toBe(unsigned.size);
    const answer = decode(bytes);
    expect(answer.ok && answer.value.id).toBe(unsigned.id);
    expect(answer.ok && decodeHead(answer.value.headBytes)).toEqual({
      ok: true,
      value: answer.ok && answer.value.head,
    });
  });
});

describe('L5.1 transactions that no block can hold', () => {
  const part = (text: string): Uint8Array => utf8(text);

  it.each([
    ['version 2', [part('{}'), part('{}')], { 0: 2 }, 'VERSION_UNKNOWN @0'],
    ['kind 0', [part('{}'), part('{}')], { 1: 0 }, 'KIND_UNKNOWN @1'],
    ['kind 9', [part('{}'), part('{}')], { 1: 9 }, 'KIND_UNKNOWN @1'],
    ['no signer', [part('{}'), part('{}')], { 2: 0 }, 'SIGNER_COUNT @2'],
    ['a capture with two signers', [part('{}'), part('{}')], { 2: 2 }, 'SIGNER_COUNT @2'],
    ['a capture without an event', [part('{}')], { 52: 1 }, 'PART_COUNT @51'],
    ['a party with two parts', [part('{}'), part('{}')], { 1: 2 }, 'PART_COUNT @51'],
    ['another payloadRoot', [part('{}'), part('{}')], { 60: 0xff }, 'PAYLOAD_ROOT_WRONG /payloadRoot'],
    ['a part with spaces', [part('{}'), part('{ }')], {}, 'JSON_NOT_CANONICAL /parts/1'],
    ['a part with unsorted members', [part('{"b":1,"a":1}'), part('{}')], {}, 'JSON_NOT_CANONICAL /parts/0'],
    ['a part that is no JSON', [part('{}'), part('x')], {}, 'JSON_INVALID /parts/1'],
    ['a lone surrogate', [part('{}'), part('"\\ud800"')], {}, 'TEXT_INVALID /parts/1'],
    ['a part too deep', [part('{}'), part('['.repeat(40))], {}, 'JSON_TOO_DEEP /parts/1/@32'],
  ])('L2.1, L2.4: refuses %s', (_name, parts, patch, refusal) => {
    expect(refusalOf(decode(forge(parts, patch)))).toBe(refusal);
  });

  it('L2.1: refuses trailing, missing and too many bytes', () => {
    const bytes = transactionBytes();
    expect(refusalOf(decode(concatBytes(bytes, new Uint8Array(1))))).toBe(`TRAILING_BYTES @${bytes.length}`);
    expect(decode(bytes.subarray(0, bytes.length - 1)).ok).toBe(false);
    expect(refusalOf(decode(new Uint8Array(MAX_TRANSACTION_BYTES + 1)))).toBe('TRANSACTION_TOO_LARGE @0');
  });

  it('L2.1: key ids ascend and do not repeat', () => {
    const bytes = transactionBytes({ kind: 2, keyIds: KEY_IDS.slice(0, 2), parts: [{}] });
    const swapped = bytes.slice();
    swapped.set(bytes.subarray(3, 35), 35);
    swapped.set(bytes.subarray(35, 67), 3);
    expect(refusalOf(decode(swapped))).toBe('SIGNERS_OUT_OF_ORDER /keyIds/1');
    swapped.set(bytes.subarray(3, 35), 3);
    expect(refusalOf(decode(swapped))).toBe('SIGNERS_OUT_OF_ORDER /keyIds/1');
  });

  it('L2.5: refuses a life of zero and of more than an hour', () => {
    const life = (ms: number) => () =>
      unsignedTransaction(hasher, NETWORK, { ...draft, expiresAt: draft.createdAt + ms });
    expect(life(MAX_LIFE_MS)).not.toThrow();
    for (const ms of [0, MAX_LIFE_MS + 1]) expect(life(ms)).toThrow('LIFE_INVALID');
  });

  it('throws on drafts that the decoder would refuse', () => {
    const events = (n: number) => () =>
      unsignedTransaction(hasher, NETWORK, { ...draft, parts: Array.from({ length: n + 1 }, () => ({})) });
    expect(events(MAX_EVENTS)).not.toThrow();
    expect(events(MAX_EVENTS + 1)).toThrow('PART_COUNT');
    expect(() => unsignedTransaction(hasher, NETWORK, draft).finish([])).toThrow(RangeError);
    expect(() => unsignedTransaction(hasher, NETWORK, draft).finish([new Uint8Array(63)])).toThrow(RangeError);
    const large = unsignedTransaction(hasher, NETWORK, { ...draft, parts: [{}, 'x'.repeat(MAX_TRANSACTION_BYTES)] });
    expect(large.size).toBeGreaterThan(MAX_TRANSACTION_BYTES);
    expect(() => large.finish([new Uint8Array(64)])).toThrow(RangeError);
  });
});

it('L2.5: a block may hold it from 2 minutes before creation until it expires', () => {
  const { head } = transaction({ createdAt: GENESIS_TIME });
  const inWindow = (timestamp: number) => isInWindow(head, timestamp);
  expect(inWindow(GENESIS_TIME - CLOCK_SKEW_MS)).toBe(true);
  expect(inWindow(GENESIS_TIME - CLOCK_SKEW_MS - 1)).toBe(false);
  expect(inWindow(head.expiresAt)).toBe(true);
  expect(inWindow(head.expiresAt + 1)).toBe(false);
});
