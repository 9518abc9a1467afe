import { concatBytes, toHex, type Malformed } from '@custos/core-bytes';
import { endScan, scanChunk, SCAN_START, type Genesis } from '@custos/core-chain';
import { referenceHasher, referenceVerify, type Digest, type VerifySignatures } from '@custos/core-crypto';
import fc from 'fast-check';
import {
  buildChain,
  commissioning,
  fileOf,
  FILE_GENESIS,
  FILE_GENESIS_TIME,
  PRODUCT,
  signedByMaker,
  type BlockPlan,
} from '../testing/chain-file.js';
import { keyIdOfParty, MAKER, STRANGER_KEY } from '../testing/small-network.js';
import { startReplay, type ReplayReport } from './replay.js';

// The file: 0 block 0 | 1 product, 2 record | 3 capture, 4 empty, 5 record | 6 empty, 7 empty, 8 record.
const PIECES = buildChain([
  [{ transactions: [signedByMaker('product', [PRODUCT])] }],
  [{ transactions: [signedByMaker('capture', commissioning('L24A', 'L25B'))], skips: 1 }, {}],
  [{}, {}],
]);
const FILE = fileOf(PIECES);
const REPORT: ReplayReport = {
  height: 5,
  stateRoot: PIECES.at(-2)!.header!.stateRoot,
  transactions: 2,
  accepted: 2,
  refused: 1,
  // The certificates of each run: its Finalize, Notarizes below it, and the Skip of the view before the second.
  certificates: 1 + 3 + 2,
};

// The reference verifier is slow, and the files of these tests repeat the same signatures.
const verified = new Map<string, boolean>();
const verify: VerifySignatures = async (checks) =>
  checks.every((check) => {
    const text = [check.publicKey, toHex(check.message), toHex(check.signature)].join();
    const known = verified.get(text) ?? referenceVerify(check);
    verified.set(text, known);
    return known;
  });

/** Replays a file as `custos verify` does: in chunks, up to the first fault. */
async function replay(
  file: Uint8Array,
  genesis: Genesis = FILE_GENESIS,
  chunk = file.length,
): Promise<ReplayReport | Malformed> {
  const started = startReplay(genesis, referenceHasher, verify);
  if (!started.ok) return started.malformed;
  let scan = SCAN_START;
  for (let at = 0; at < file.length; at += chunk) {
    const step = scanChunk(scan, file.subarray(at, at + chunk));
    for (const piece of step.pieces) {
      const taken = await started.value.take(piece);
      if (!taken.ok) return taken.malformed;
    }
    if (step.malformed) return step.malformed;
    scan = step.scan;
  }
  const whole = endScan(scan);
  if (!whole.ok) return whole.malformed;
  const end = started.value.end();
  return end.ok ? end.value : end.malformed;
}

const isRefusal = (result: ReplayReport | Malformed): result is Malformed => 'code' in result;

async function refusal(file: Uint8Array, genesis?: Genesis): Promise<Malformed> {
  const result = await replay(file, genesis);
  if (isRefusal(result)) return result;
  throw new Error(`taken: ${JSON.stringify(result)}`);
}

/** Returns the file offset that a refusal names; undefined when it is about the whole file. */
function placeOf({ field }: Malformed): number | undefined {
  const [at] = field.split('/');
  return at?.startsWith('@') ? Number(at.slice(1)) : undefined;
}

const offsetOf = (index: number): number => fileOf(PIECES.slice(0, index)).length;
const only = (...indices: readonly number[]): Uint8Array => fileOf(indices.map((i) => PIECES[i]!));

/** Returns the file with one byte of a piece changed. */
function damaged(piece: number, at: number, mask = 1): Uint8Array {
  const file = Uint8Array.from(FILE);
  file[offsetOf(piece) + at]! ^= mask;
  return file;
}

describe('a valid file', () => {
  it('L8: is accepted, and the report counts its content', async () => {
    expect(PIECES.map(({ type }) => type[0]).join('')).toBe('bbrbbrbbr');
    expect(await replay(FILE)).toEqual(REPORT);
  });

  it('L8: is accepted in chunks of any size', async () => {
    for (const chunk of [1_000, 297, 64]) expect(await replay(FILE, FILE_GENESIS, chunk)).toEqual(REPORT);
  });

  it('L3.4: block 0 alone is a chain', async () => {
    expect(await replay(only(0))).toMatchObject({ height: 0, transactions: 0, certificates: 0 });
  });

  it('L4.5: may end at any record, and may lack a record in the middle', async () => {
    expect(await replay(only(0, 1, 2, 3, 4, 5))).toMatchObject({ height: 3, certificates: 4 });
    expect(await replay(only(0, 1, 3, 4, 5, 6, 7, 8))).toEqual({ ...REPORT, certificates: 5 });
  });

  it('L2.7: may hold the revocation of a key, signed by that key', async () => {
    const pieces = buildChain([
      [{ transactions: [signedByMaker('key', [{ op: 'revoke', keyId: keyIdOfParty(MAKER) }])] }],
    ]);
    expect(await replay(fileOf(pieces))).toMatchObject({ height: 1, accepted: 1 });
  });
});

// The offsets within a piece: magic and size, then a header or the Finalize certificate.
const HEADER = 8;
const COUNT = HEADER + 296;
const HEAD = COUNT + 4 + 4;
const CERTIFICATE = 8;

describe('a damaged file', () => {
  it.each<[string, string, number, number, number]>([
    ['the magic of a block', 'MAGIC_WRONG', 3, 0, 1],
    ['the magic of a record', 'MAGIC_WRONG', 5, 3, 1],
    ['a size, far too long', 'TOO_LONG', 3, 4, 0x80],
    ['a size, a little too long', 'TRAILING_BYTES', 3, 6, 1],
    ['the version of a header', 'VERSION_UNKNOWN', 3, HEADER, 1],
    ['the network of a header', 'OWN_HASH_WRONG', 3, HEADER + 2, 1],
    ['the state root of a header', 'OWN_HASH_WRONG', 3, HEADER + 160, 1],
    ['the hash of a header', 'OWN_HASH_WRONG', 3, COUNT - 1, 1],
    ['block 0', 'OWN_HASH_WRONG', 0, HEADER + 150, 1],
    ['the count of transactions', 'TRUNCATED', 1, COUNT + 3, 2],
    ['the kind of a transaction', 'TRANSACTION_ROOT_WRONG', 1, HEAD + 1, 1],
    ['the signature of a transaction', 'TRANSACTION_ROOT_WRONG', 1, HEAD + 3 + 32 + 16 + 2 + 32 + 5, 1],
    ['a part of a transaction', 'PAYLOAD_ROOT_WRONG', 3, PIECES[3]!.bytes.length - 20, 1],
    ['the view of a certificate', 'CERTIFICATE_UNRELATED', 5, CERTIFICATE + 4 + 7, 7],
    ['the kind of a certificate', 'NOT_FINALIZE', 5, CERTIFICATE + 12, 2],
    ['the hash of a certificate', 'CERTIFICATE_UNRELATED', 5, CERTIFICATE + 20, 1],
    ['the signers of a certificate', 'SIGNATURE_WRONG', 5, CERTIFICATE + 45, 6],
    ['a signature of a certificate', 'SIGNATURE_WRONG', 2, CERTIFICATE + 60, 1],
    ['the last signature of the last certificate', 'SIGNATURE_WRONG', 8, PIECES[8]!.bytes.length - 1, 1],
  ])('L8: a bit of %s: %s, and the report names its piece', async (_name, code, piece, at, mask) => {
    const found = await refusal(damaged(piece, at, mask));
    expect(found.code).toBe(code);
    expect(placeOf(found)).toBeGreaterThanOrEqual(offsetOf(piece));
    expect(placeOf(found)).toBeLessThanOrEqual(offsetOf(piece + 1));
  });

  it.each<[string, string, string, Uint8Array]>([
    ['no bytes', 'EMPTY', '@0', new Uint8Array(0)],
    ['without block 0', 'GENESIS_WRONG', '@0', only(1, 2)],
    ['that begins with a record', 'CERTIFICATE_UNRELATED', '@0', only(2)],
    ['without its last record', 'NOT_FINAL', '/height/5', only(0, 1, 2, 3, 4, 5, 6, 7)],
    ['cut within its last record', 'TRUNCATED', `@${FILE.length - 1}`, FILE.subarray(0, -1)],
    ['cut within a block', 'TRUNCATED', `@${offsetOf(3) + 100}`, FILE.subarray(0, offsetOf(3) + 100)],
    ['with a byte more', 'TRUNCATED', `@${FILE.length + 1}`, concatBytes(FILE, new Uint8Array([0]))],
    ['with other things behind', 'MAGIC_WRONG', `@${FILE.length}`, concatBytes(FILE, new Uint8Array(9))],
    ['without a block', 'PREVIOUS_HASH_WRONG', `@${offsetOf(3)}/previousHash`, only(0, 1, 2, 4, 5)],
    ['with two blocks swapped', 'PREVIOUS_HASH_WRONG', `@${offsetOf(3)}/previousHash`, only(0, 1, 2, 4, 3, 5)],
    ['with a block twice', 'PREVIOUS_HASH_WRONG', `@${offsetOf(2)}/previousHash`, only(0, 1, 1, 2)],
    ['with the record of another run', 'CERTIFICATE_UNRELATED', `@${offsetOf(2)}`, only(0, 1, 5)],
    ['with a record before its blocks', 'CERTIFICATE_UNRELATED', `@${offsetOf(3)}`, only(0, 1, 2, 5, 3, 4)],
  ])('L8: a file %s: %s', async (_name, code, field, file) => {
    expect(await refusal(file)).toMatchObject({ code, field });
  });

  it('L3.4: a file of another genesis begins with a block of another network', async () => {
    const found = await refusal(FILE, { ...FILE_GENESIS, time: FILE_GENESIS_TIME + 1 });
    expect(found).toMatchObject({ code: 'NETWORK_WRONG', field: '@0/networkId' });
    expect(await refusal(FILE, { ...FILE_GENESIS, parties: [] })).toMatchObject({ code: 'PARTY_UNKNOWN' });
  });
});

const HASH = '12'.repeat(32) as Digest;
const product = signedByMaker('product', [PRODUCT]);
const HOUR = 3_600_000;
const lateProduct = signedByMaker('product', [PRODUCT], { at: FILE_GENESIS_TIME + HOUR });
const revocation = signedByMaker('key', [{ op: 'revoke', keyId: keyIdOfParty(MAKER) }]);

// A quorum may certify false values. An auditor detects them with the file alone.
describe('a file that every validator certified', () => {
  it.each<[string, string, readonly BlockPlan[]]>([
    ['another state root', 'ROOT_WRONG /stateRoot', [{ lie: { stateRoot: HASH } }]],
    ['another receipt root', 'ROOT_WRONG /receiptRoot', [{ lie: { receiptRoot: HASH } }]],
    ['another history root', 'ROOT_WRONG /historyRoot', [{ lie: { historyRoot: HASH } }]],
    ['another transaction root', 'TRANSACTION_ROOT_WRONG /transactionRoot', [{ lie: { transactionRoot: HASH } }]],
    ['a proposer out of turn', 'PROPOSER_WRONG /proposer', [{ lie: { proposer: 4 } }]],
    ['a block as old as its parent', 'TIMESTAMP_WRONG /timestamp', [{ lie: { timestamp: FILE_GENESIS_TIME } }]],
    ['a height left out', 'HEIGHT_WRONG /height', [{ lie: { height: 2 } }]],
    ['a block on another', 'PREVIOUS_HASH_WRONG /previousHash', [{ lie: { previousHash: HASH } }]],
    ['another parent view', 'PARENT_VIEW_WRONG /parentView', [{ lie: { parentView: 1 } }]],
    ['a new epoch', 'EPOCH_WRONG /epoch', [{ lie: { epoch: 1 } }]],
    [
      'validators that nobody decided',
      'NEXT_VALIDATORS_WRONG /nextValidatorsHash',
      [{ lie: { nextValidatorsHash: HASH } }],
    ],
    [
      'a transaction twice',
      'TRANSACTION_REPEATED /transactions/0',
      [{ transactions: [product] }, { transactions: [product] }],
    ],
    [
      'a transaction twice, when older ones are long past',
      'TRANSACTION_REPEATED /transactions/0',
      [
        { transactions: [product] },
        { transactions: [lateProduct], later: HOUR },
        { transactions: [lateProduct], later: HOUR + 300_000 },
      ],
    ],
    [
      'a transaction that its signer did not sign',
      'SIGNATURE_WRONG /transactions/0',
      [
        {
          transactions: [
            signedByMaker('product', [PRODUCT], { signature: signedByMaker('product', [{}]).head.signatures[0] }),
          ],
        },
      ],
    ],
    [
      'a transaction of a stranger',
      'KEY_UNKNOWN /transactions/0/keyIds/0',
      [{ transactions: [signedByMaker('product', [PRODUCT], { key: STRANGER_KEY })] }],
    ],
    [
      'a transaction of a key that the one before revoked',
      'KEY_UNKNOWN /transactions/1/keyIds/0',
      [{ transactions: [revocation, product] }],
    ],
    [
      'a transaction that had expired',
      'OUTSIDE_WINDOW /transactions/0/expiresAt',
      [{ transactions: [signedByMaker('product', [PRODUCT], { at: FILE_GENESIS_TIME - 700_000 })] }],
    ],
  ])('L8: and states %s is refused: %s', async (_name, found, plans) => {
    const pieces = buildChain([plans]);
    const { code, field } = await refusal(fileOf(pieces));
    // The false value is in the last block.
    const at = fileOf(pieces.slice(0, plans.length)).length;
    expect(`${code} ${field}`).toBe(found.replace(' ', ` @${at}`));
  });
});

describe('any file', () => {
  it('L8: with changed bytes is refused, and the report names an offset at or behind the first change', async () => {
    const change = fc.tuple(fc.nat({ max: FILE.length - 1 }), fc.integer({ min: 1, max: 255 }));
    const changes = fc.uniqueArray(change, { minLength: 1, maxLength: 3, selector: ([at]) => at });
    await fc.assert(
      fc.asyncProperty(changes, async (masks) => {
        const file = Uint8Array.from(FILE);
        for (const [at, mask] of masks) file[at]! ^= mask;
        const first = Math.min(...masks.map(([at]) => at));
        const piece = PIECES.findIndex((_, i) => first < offsetOf(i + 1));
        const place = placeOf(await refusal(file));
        expect(place).toBeGreaterThanOrEqual(offsetOf(piece));
        expect(place).toBeLessThanOrEqual(FILE.length);
      }),
      { numRuns: 150 },
    );
  });

  it('L8: with bytes removed or inserted gives this chain or a refusal', async () => {
    const place = fc.nat({ max: FILE.length });
    const inserted = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(place, place).map(([a, b]) => FILE.slice(a, b)),
    );
    // At the borders of pieces more often than random offsets would be.
    const seam = fc.oneof(place, fc.nat({ max: PIECES.length }).map(offsetOf));
    await fc.assert(
      fc.asyncProperty(seam, seam, inserted, async (from, to, bytes) => {
        const result = await replay(concatBytes(FILE.subarray(0, from), bytes, FILE.subarray(to)));
        if (isRefusal(result)) return;
        const stated = PIECES.find(({ header }) => header?.height === result.height);
        expect(result.stateRoot).toBe(stated?.header?.stateRoot);
      }),
      { numRuns: 150 },
    );
  });

  it('with random bytes is refused', async () => {
    const bytes = fc.uint8Array({ maxLength: 700 });
    const framed = bytes.map((rest) => concatBytes(FILE.subarray(0, 8), rest));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, framed), async (file) => expect(isRefusal(await replay(file))).toBe(true)),
    );
  });
});
