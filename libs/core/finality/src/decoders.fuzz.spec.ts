import fc from 'fast-check';
import type { Json, Parsed } from '@custos/core-bytes';
import { ZERO_DIGEST } from '@custos/core-crypto';
import {
  decodeCertificate,
  decodeFinalityRecord,
  decodeRecoveryReport,
  decodeVote,
  encodeCertificate,
  encodeFinalityRecord,
  encodeRecoveryReport,
  encodeVote,
  HEADER_LENGTH,
  parseValidatorEntries,
  VOTE,
} from './index.js';
import { BLOCK_HASH, castVote, sampleNetwork, unsignedCertificate } from './testing/samples.js';

const four = sampleNetwork(4);
const vote = castVote(four, 0, { epoch: 0, view: 3, kind: VOTE.notarize, hash: BLOCK_HASH });
const finalize = unsignedCertificate({ epoch: 0, view: 9, kind: VOTE.finalize, hash: BLOCK_HASH }, [0, 1, 2]);
const skip = unsignedCertificate({ epoch: 0, view: 8, kind: VOTE.skip, hash: ZERO_DIGEST }, [0, 2, 3]);
const record = { finalize, closingHeaders: [new Uint8Array(HEADER_LENGTH)], certificates: [skip] };
const report = {
  nonce: new Uint8Array(32),
  epoch: 0,
  certificate: skip,
  votes: [vote],
  signer: 1,
  signature: vote.signature,
};

interface Decoder {
  readonly name: string;
  readonly valid: Uint8Array;
  readonly decode: (bytes: Uint8Array) => Parsed<unknown>;
  /** Encodes the decoded value. The result equals the input, since one value has one encoding. */
  readonly encode: (value: never) => Uint8Array;
}

const DECODERS: readonly Decoder[] = [
  { name: 'vote', valid: encodeVote(vote), decode: decodeVote, encode: encodeVote },
  {
    name: 'certificate',
    valid: encodeCertificate(finalize, 4),
    decode: (bytes) => decodeCertificate(bytes, 4),
    encode: (value) => encodeCertificate(value, 4),
  },
  {
    name: 'finality record',
    valid: encodeFinalityRecord(record, 4),
    decode: (bytes) => decodeFinalityRecord(bytes, 4),
    encode: (value) => encodeFinalityRecord(value, 4),
  },
  {
    name: 'recovery report',
    valid: encodeRecoveryReport(report, 4),
    decode: (bytes) => decodeRecoveryReport(bytes, 4),
    encode: (value) => encodeRecoveryReport(value, 4),
  },
];

describe.each(DECODERS)('$name', ({ valid, decode, encode }) => {
  const answers = (bytes: Uint8Array): void => {
    const answer = decode(bytes);
    if (answer.ok) expect(encode(answer.value as never)).toEqual(bytes);
    else expect(typeof answer.malformed.code).toBe('string');
  };

  it('answers random bytes with typed refusals only', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), answers));
  });

  it('survives every flipped byte, cut and extension of valid bytes; an accepted value has one encoding', () => {
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = valid.slice();
        bytes[at]! ^= flip;
        answers(bytes);
      }),
      { numRuns: 400 },
    );
    for (let length = 0; length < valid.length; length++) expect(decode(valid.slice(0, length)).ok).toBe(false);
    expect(decode(new Uint8Array([...valid, 0])).ok).toBe(false);
    expect(decode(valid).ok).toBe(true);
  });
});

it('parseValidatorEntries accepts or refuses any JSON without throwing', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => typeof parseValidatorEntries(json as Json, '').ok === 'boolean'));
});
