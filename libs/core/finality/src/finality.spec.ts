import fc from 'fast-check';
import { toHex } from '@custos/core-bytes';
import { digestOf, referenceHasher as hasher, referenceVerify, ZERO_DIGEST } from '@custos/core-crypto';
import {
  certificateChecks,
  decodeCertificate,
  decodeVote,
  encodeCertificate,
  encodeVote,
  faultsOf,
  leaderOf,
  leaderOrder,
  makeValidatorSet,
  MAX_VALIDATORS,
  parseValidatorEntries,
  quorumOf,
  validatorJson,
  VOTE,
  voteCheck,
  type Ballot,
  type VoteKind,
} from './index.js';
import {
  BLOCK_HASH,
  castVote,
  certify,
  NETWORK,
  OTHER_HASH,
  sampleNetwork,
  unsignedCertificate,
} from './testing/samples.js';

const four = sampleNetwork(4);
const ballot: Ballot = { epoch: 0, view: 7, kind: VOTE.finalize, hash: BLOCK_HASH };
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(digestOf);
const ballots = fc
  .record({
    epoch: fc.nat(0xffffffff),
    view: fc.maxSafeNat(),
    kind: fc.constantFrom<VoteKind>(1, 2, 3),
    hash: digest,
  })
  .map((each) => (each.kind === VOTE.skip ? { ...each, hash: ZERO_DIGEST } : each));

describe('quorums', () => {
  it('K2: two quorums share more than f validators, and q honest ones remain, for n up to 50', () => {
    for (let n = 1; n <= 50; n++) {
      const [f, q] = [faultsOf(n), quorumOf(n)];
      expect(3 * f).toBeLessThan(n);
      expect(3 * (f + 1)).toBeGreaterThanOrEqual(n);
      expect(2 * q - n).toBeGreaterThan(f);
      expect(n - f).toBeGreaterThanOrEqual(q);
      // One vote fewer is not safe: two such groups may share only f validators.
      expect(2 * (q - 1) - n).toBeLessThanOrEqual(f);
    }
    expect([1, 3, 4, 6, 7, 10].map(quorumOf)).toEqual([1, 2, 3, 4, 5, 7]);
  });

  it('K2: any two certificates of a set share an honest signer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.infiniteStream(fc.nat()), (n, random) => {
        const pick = (): Set<number> => {
          const left = Array.from({ length: n }, (_, i) => i);
          const chosen = new Set<number>();
          while (chosen.size < quorumOf(n)) chosen.add(left.splice(random.next().value % left.length, 1)[0]!);
          return chosen;
        };
        const second = pick();
        expect([...pick()].filter((signer) => second.has(signer)).length).toBeGreaterThan(faultsOf(n));
      }),
    );
  });
});

describe('L4.1 votes', () => {
  it('L4.1: round-trips', () => {
    const votes = fc.tuple(ballots, fc.nat(0xffff), fc.uint8Array({ minLength: 64, maxLength: 64 }));
    fc.assert(
      fc.property(votes, ([each, signer, signature]) => {
        const vote = { ...each, signer, signature };
        expect(decodeVote(encodeVote(vote))).toEqual({ ok: true, value: vote });
      }),
    );
  });

  it.each([
    ['kind 0', { 12: 0 }, 'VOTE_KIND_UNKNOWN'],
    ['kind 4', { 12: 4 }, 'VOTE_KIND_UNKNOWN'],
    ['a skip that names a block', { 12: 2 }, 'HASH_NOT_ZERO'],
    ['a view above 2^53 - 1', { 4: 0xff }, 'NUMBER_TOO_LARGE'],
  ])('L4.1: refuses %s', (_name, patch, code) => {
    const bytes = encodeVote(castVote(four, 1, ballot));
    for (const [at, byte] of Object.entries(patch)) bytes[Number(at)] = byte;
    expect(decodeVote(bytes)).toMatchObject({ ok: false, malformed: { code } });
  });

  it('L4.1: a vote verifies for its network, view, kind, block and signer only', () => {
    const vote = castVote(four, 2, ballot);
    const verified = (network = NETWORK, change: Partial<typeof vote> = {}): boolean => {
      const check = voteCheck(network, four.set, { ...vote, ...change });
      return check.ok && referenceVerify(check.value);
    };
    expect(verified()).toBe(true);
    expect(verified(OTHER_HASH)).toBe(false);
    const changes = [{ epoch: 1 }, { view: 8 }, { kind: VOTE.notarize }, { hash: OTHER_HASH }, { signer: 1 }];
    for (const change of changes) expect(verified(NETWORK, change)).toBe(false);
    expect(voteCheck(NETWORK, four.set, { ...vote, signer: 4 })).toMatchObject({
      ok: false,
      malformed: { code: 'SIGNER_UNKNOWN' },
    });
  });
});

describe('L4.2 certificates', () => {
  const sizes = fc.integer({ min: 1, max: 50 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      signers: fc
        .uniqueArray(fc.nat(n - 1), { minLength: quorumOf(n), maxLength: n })
        .map((signers) => signers.sort((a, b) => a - b)),
      ballot: ballots,
    }),
  );

  it('L4.2: round-trips for n up to 50', () => {
    fc.assert(
      fc.property(sizes, ({ n, signers, ballot }) => {
        const certificate = unsignedCertificate(ballot, signers);
        expect(decodeCertificate(encodeCertificate(certificate, n), n)).toEqual({ ok: true, value: certificate });
      }),
    );
  });

  it('L4.2: bit i is byte i >> 3, mask 1 << (i & 7)', () => {
    const bytes = encodeCertificate(unsignedCertificate(ballot, [0, 1, 3, 4, 5, 8, 9]), 10);
    expect(toHex(bytes.subarray(45, 47))).toBe('3b03');
  });

  it.each([
    ['one signer short of the quorum', 0b0011, 'QUORUM_MISSING'],
    ['a spare bit', 0b0010111, 'SPARE'],
    ['a signature too few', 0b1111, 'TRUNCATED'],
  ])('L4.2: refuses %s', (_name, bitmap, code) => {
    const bytes = encodeCertificate(unsignedCertificate(ballot, [0, 1, 2]), 4);
    bytes[45] = bitmap;
    const answer = decodeCertificate(bytes, 4);
    expect(!answer.ok && answer.malformed.code).toContain(code);
  });

  it('L4.2: all its signatures verify, and a wrong one is among the checks', () => {
    const certificate = certify(four, ballot, [0, 2, 3]);
    const checks = certificateChecks(NETWORK, four.set, certificate);
    expect(checks.ok && checks.value.map(referenceVerify)).toEqual([true, true, true]);
    const forged = { ...certificate, signatures: [...certificate.signatures.slice(0, 2), new Uint8Array(64)] };
    const asked = certificateChecks(NETWORK, four.set, forged);
    expect(asked.ok && asked.value.map(referenceVerify)).toEqual([true, true, false]);
  });

  it.each([
    ['a repeated signer', [0, 0, 1], 'SIGNERS_INVALID'],
    ['descending signers', [2, 1, 0], 'SIGNERS_INVALID'],
    ['an unknown signer', [0, 1, 4], 'SIGNERS_INVALID'],
    ['too few', [0, 1], 'QUORUM_MISSING'],
  ])('L4.2: refuses %s, also in a value that no decoder made', (_name, signers, code) => {
    expect(certificateChecks(NETWORK, four.set, unsignedCertificate(ballot, signers))).toMatchObject({
      ok: false,
      malformed: { code },
    });
  });

  it('throws when it encodes signers out of order', () => {
    expect(() => encodeCertificate(unsignedCertificate(ballot, [2, 1, 3]), 4)).toThrow(RangeError);
  });
});

describe('L3.3 validator sets', () => {
  it('L3.3: sorts by key id, for entries in any order', () => {
    const entries = four.set.entries;
    for (const order of [entries, [...entries].reverse()]) {
      const set = makeValidatorSet(hasher, order);
      expect(set.hash).toBe(four.set.hash);
      expect([...set.keyIds].sort()).toEqual(set.keyIds);
    }
    expect(four.set).toMatchObject({ size: 4, quorum: 3, faults: 1 });
  });

  it('L3.3: the hash binds endpoints and operator', () => {
    const [first, ...rest] = four.set.entries;
    const moved = { ...first!, endpoints: { ...first!.endpoints, http: 'http://elsewhere.example' } };
    expect(makeValidatorSet(hasher, [moved, ...rest]).hash).not.toBe(four.set.hash);
    expect(() => makeValidatorSet(hasher, [first!, first!])).toThrow(RangeError);
    expect(() => makeValidatorSet(hasher, [])).toThrow(RangeError);
  });

  it('parses its own JSON and refuses similar JSON', () => {
    const json = four.set.entries.map(validatorJson);
    expect(parseValidatorEntries(json, '/v')).toEqual({ ok: true, value: four.set.entries });
    const near = [
      [undefined, 'LIST_EXPECTED', '/v'],
      [[], 'VALIDATORS_INVALID', '/v'],
      [Array.from({ length: MAX_VALIDATORS + 1 }, () => json[0]!), 'TOO_LONG', '/v'],
      [[json[0]!, json[0]!], 'VALIDATOR_REPEATED', '/v/1/key'],
      [[{ ...json[0], gln: '401234500001' }], 'GLN_INVALID', '/v/0/gln'],
      [[{ ...json[0], key: '02' + 'ff'.repeat(32) }], 'KEY_INVALID', '/v/0/key'],
      [[{ ...json[0], weight: 2 }], 'FIELD_UNKNOWN', '/v/0/weight'],
      [[{ ...json[0], endpoints: { lanes: 'a' } }], 'ENDPOINT_INVALID', '/v/0/endpoints/http'],
      [[7], 'OBJECT_EXPECTED', '/v/0'],
    ] as const;
    for (const [value, code, field] of near)
      expect(parseValidatorEntries(value, '/v')).toMatchObject({ ok: false, malformed: { code, field } });
  });
});

describe('K1 leaders', () => {
  it('K1: every validator leads once in n views, in an order that the seed decides', () => {
    const ten = sampleNetwork(10).set;
    fc.assert(
      fc.property(digest, fc.nat(1_000_000), (seed, view) => {
        const order = leaderOrder(hasher, seed, ten);
        const leaders = Array.from({ length: 10 }, (_, i) => leaderOf(order, view + i));
        expect([...leaders].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      }),
      { numRuns: 30 },
    );
    expect(leaderOrder(hasher, BLOCK_HASH, ten)).not.toEqual(leaderOrder(hasher, OTHER_HASH, ten));
    expect(() => leaderOf([], 1)).toThrow(RangeError);
  });

  it('K1: the leader is at view mod n of the order', () => {
    expect([0, 1, 4, 5].map((view) => leaderOf([2, 0, 3, 1], view))).toEqual([2, 0, 2, 0]);
  });
});
