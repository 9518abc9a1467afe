import fc from 'fast-check';
import { ZERO_DIGEST, referenceVerify } from '@custos/core-crypto';
import {
  decodeFinalityRecord,
  decodeRecoveryReport,
  encodeFinalityRecord,
  encodeRecoveryReport,
  HEADER_LENGTH,
  makeFinalityRecord,
  MAX_RECORD_BYTES,
  MAX_RECORD_CERTIFICATES,
  recoveryCheck,
  VOTE,
  type Certificate,
  type FinalityRecord,
} from './index.js';
import { BLOCK_HASH, castVote, NETWORK, sampleNetwork, unsignedCertificate } from './testing/samples.js';

const four = sampleNetwork(4);
const at = (view: number, kind: 1 | 2 | 3, epoch = 0): Certificate =>
  unsignedCertificate({ epoch, view, kind, hash: kind === VOTE.skip ? ZERO_DIGEST : BLOCK_HASH }, [0, 1, 3]);
const header = (fill: number): Uint8Array => new Uint8Array(HEADER_LENGTH).fill(fill);
const codeOf = (record: FinalityRecord): string => {
  const answer = decodeFinalityRecord(encodeFinalityRecord(record, 4), 4);
  return answer.ok ? 'ok' : answer.malformed.code;
};

describe('L4.5 finality records', () => {
  it('L4.5: round-trips', () => {
    const views = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 20 });
    fc.assert(
      fc.property(views, fc.nat(3), fc.integer({ min: 0, max: 1 }), (below, closing, odd) => {
        const record = {
          finalize: at(100, VOTE.finalize),
          closingHeaders: Array.from({ length: closing }, (_, i) => header(i)),
          certificates: below
            .sort((a, b) => a - b)
            .map((view) => at(view, view % 2 === odd ? VOTE.skip : VOTE.notarize)),
        };
        expect(decodeFinalityRecord(encodeFinalityRecord(record, 4), 4)).toEqual({ ok: true, value: record });
      }),
    );
  });

  it.each([
    ['a Notarize certificate in place of the Finalize one', at(9, VOTE.notarize), [], 'NOT_FINALIZE'],
    ['a certificate of another epoch', at(9, VOTE.finalize), [at(8, VOTE.skip, 1)], 'CERTIFICATE_UNRELATED'],
    ['a Finalize certificate below', at(9, VOTE.finalize), [at(8, VOTE.finalize)], 'CERTIFICATE_UNRELATED'],
    ['a certificate of the final view', at(9, VOTE.finalize), [at(9, VOTE.notarize)], 'CERTIFICATE_UNRELATED'],
    ['descending views', at(9, VOTE.finalize), [at(8, VOTE.skip), at(7, VOTE.skip)], 'ORDER_WRONG'],
    ['one view twice', at(9, VOTE.finalize), [at(8, VOTE.skip), at(8, VOTE.notarize)], 'ORDER_WRONG'],
  ])('L4.5: refuses %s', (_name, finalize, certificates, code) => {
    expect(codeOf({ finalize, closingHeaders: [], certificates })).toBe(code);
  });

  it('L4.5: holds the newest certificates that fit, at most 1,024', () => {
    const finalize = at(5_000, VOTE.finalize);
    const many = Array.from({ length: 2_000 }, (_, i) => at(i + 1, VOTE.skip));
    const small = makeFinalityRecord(finalize, [], many, 4);
    expect(small.certificates.map(({ view }) => view)).toEqual(
      Array.from({ length: MAX_RECORD_CERTIFICATES }, (_, i) => 2_000 - MAX_RECORD_CERTIFICATES + 1 + i),
    );
    const signers = Array.from({ length: 67 }, (_, i) => i);
    const large = (view: number, kind: 2 | 3): Certificate =>
      unsignedCertificate({ epoch: 0, view, kind, hash: kind === 2 ? ZERO_DIGEST : BLOCK_HASH }, signers);
    const record = makeFinalityRecord(
      large(5_000, VOTE.finalize),
      [header(1)],
      Array.from({ length: 500 }, (_, i) => large(i + 1, VOTE.skip)),
      100,
    );
    const length = encodeFinalityRecord(record, 100).length;
    expect(length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    expect(length).toBeGreaterThan(MAX_RECORD_BYTES - 5_000);
    expect(record.certificates.at(-1)!.view).toBe(500);
  });

  it('L4.5: leaves out certificates that are not of a view below the final one', () => {
    const pool = [at(9, VOTE.skip), at(3, VOTE.skip), at(2, VOTE.notarize), at(1, VOTE.skip, 1), at(2, VOTE.finalize)];
    const record = makeFinalityRecord(at(9, VOTE.finalize), [], pool, 4);
    expect(record.certificates.map(({ view }) => view)).toEqual([2, 3]);
  });

  it('throws when it encodes a record over the limits', () => {
    const certificates = Array.from({ length: MAX_RECORD_CERTIFICATES + 1 }, (_, i) => at(i, VOTE.skip));
    expect(() =>
      encodeFinalityRecord({ finalize: at(9_999, VOTE.finalize), closingHeaders: [], certificates }, 4),
    ).toThrow(RangeError);
  });
});

describe('L4.4 recovery reports', () => {
  const votes = [castVote(four, 1, { epoch: 0, view: 8, kind: VOTE.skip, hash: ZERO_DIGEST })];
  const report = { nonce: new Uint8Array(32).fill(9), epoch: 0, votes, signer: 2, signature: new Uint8Array(64) };

  it.each([
    ['the highest certificate', at(7, VOTE.notarize)],
    ['nothing held yet', undefined],
  ])('L4.4: round-trips with %s', (_name, certificate) => {
    const whole = { ...report, certificate };
    expect(decodeRecoveryReport(encodeRecoveryReport(whole, 4), 4)).toEqual({ ok: true, value: whole });
  });

  it('L4.4: view 0 has one encoding', () => {
    const bytes = encodeRecoveryReport({ ...report, certificate: undefined }, 4);
    bytes[32 + 45] = 1;
    expect(decodeRecoveryReport(bytes, 4)).toMatchObject({ ok: false, malformed: { code: 'VIEW_ZERO' } });
  });

  it('L4.4: the signature covers nonce, votes and certificate', () => {
    const certificate = at(7, VOTE.notarize);
    const signed = (change: object): boolean => {
      const check = recoveryCheck(NETWORK, four.set, { ...report, certificate, ...change });
      return check.ok && toText(check.value.message) === base;
    };
    const toText = (bytes: Uint8Array): string => bytes.join();
    const first = recoveryCheck(NETWORK, four.set, { ...report, certificate });
    const base = first.ok ? toText(first.value.message) : '';
    expect(signed({})).toBe(true);
    for (const change of [{ nonce: new Uint8Array(32) }, { votes: [] }, { certificate: undefined }])
      expect(signed(change)).toBe(false);
    expect(first.ok && referenceVerify(first.value)).toBe(false);
    expect(recoveryCheck(NETWORK, four.set, { ...report, certificate, signer: 4 })).toMatchObject({
      ok: false,
      malformed: { code: 'SIGNER_UNKNOWN' },
    });
  });
});
