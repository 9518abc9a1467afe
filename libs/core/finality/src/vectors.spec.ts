import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@custos/core-bytes';
import { referenceHasher as hasher, referenceVerify, ZERO_DIGEST } from '@custos/core-crypto';
import {
  certificateChecks,
  encodeCertificate,
  encodeFinalityRecord,
  encodeVote,
  HEADER_LENGTH,
  leaderOrder,
  validatorJson,
  VOTE,
  voteMessage,
  type Ballot,
} from './index.js';
import { BLOCK_HASH, castVote, certify, NETWORK, sampleNetwork } from './testing/samples.js';

// A change of these bytes is a change of the format (LEDGER, head): only CUSTOS_WRITE_VECTORS=1 rewrites them.
const four = sampleNetwork(4);
const BALLOTS: readonly Ballot[] = [
  { epoch: 0, view: 5, kind: VOTE.notarize, hash: BLOCK_HASH },
  { epoch: 0, view: 6, kind: VOTE.skip, hash: ZERO_DIGEST },
  { epoch: 3, view: 0x1_0000_0001, kind: VOTE.finalize, hash: BLOCK_HASH },
];

const set = { networkId: NETWORK, validators: four.set.entries.map(validatorJson), validatorsHash: four.set.hash };

function voteVectors() {
  const votes = BALLOTS.map((ballot, signer) => ({
    ...ballot,
    signer,
    message: toHex(voteMessage(NETWORK, ballot)),
    bytes: toHex(encodeVote(castVote(four, signer, ballot))),
  }));
  return { ...set, privateKeys: four.privateKeys.map(toHex), votes };
}

function certificateVectors() {
  const leaders = { seed: BLOCK_HASH, order: leaderOrder(hasher, BLOCK_HASH, four.set) };
  const certificates = BALLOTS.map((ballot, i) => {
    const signers = [0, 1, 2, 3].filter((signer) => signer !== i + 1);
    return { ...ballot, signers, bytes: toHex(encodeCertificate(certify(four, ballot, signers), 4)) };
  });
  return { ...set, leaders, certificates };
}

function recordVectors() {
  const finalize = certify(four, { epoch: 0, view: 9, kind: VOTE.finalize, hash: BLOCK_HASH }, [0, 1, 3]);
  const below = BALLOTS.slice(0, 2).map((ballot) => certify(four, ballot, [1, 2, 3]));
  const header = new Uint8Array(HEADER_LENGTH).fill(0xc1);
  const cases = [
    { finalize, closingHeaders: [], certificates: [] },
    { finalize, closingHeaders: [], certificates: below },
    { finalize, closingHeaders: [header], certificates: below.slice(1) },
  ];
  return {
    ...set,
    records: cases.map((record) => ({
      closingHeaders: record.closingHeaders.length,
      certificates: record.certificates.map(({ view, kind }) => ({ view, kind })),
      bytes: toHex(encodeFinalityRecord(record, 4)),
    })),
  };
}

it.each([
  ['L4.1', 'vote', voteVectors],
  ['L4.2, K1', 'certificate', certificateVectors],
  ['L4.5', 'finality-record', recordVectors],
] as const)('%s: the golden vectors of a %s still hold', (_rule, name, make) => {
  const file = join(process.cwd(), '../../../vectors', `${name}.json`);
  const made = JSON.stringify(make(), undefined, 1) + '\n';
  if (process.env.CUSTOS_WRITE_VECTORS === '1') writeFileSync(file, made);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(made));
});

it('L4.2: the certificates of the vectors verify', () => {
  const checks = certificateChecks(NETWORK, four.set, certify(four, BALLOTS[0]!, [0, 2, 3]));
  expect(checks.ok && checks.value.every(referenceVerify)).toBe(true);
});
