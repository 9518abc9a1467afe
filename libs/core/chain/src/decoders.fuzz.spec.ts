import fc from 'fast-check';
import { canonicalBytes, canonicalJson, type Json, type Parsed } from '@custos/core-bytes';
import { referenceHasher as hasher } from '@custos/core-crypto';
import { encodeCertificate, encodeFinalityRecord } from '@custos/core-finality';
import { inclusionProof } from '@custos/core-merkle';
import {
  answerJson,
  chainFile,
  decodeBlock,
  decodeFinalMessage,
  decodeHead,
  decodeHeader,
  decodeProposal,
  decodeReceipts,
  decodeTransaction,
  decodeVotesMessage,
  encodeFinalMessage,
  encodeHeader,
  encodeProposal,
  encodeReceipts,
  encodeVotesMessage,
  endScan,
  genesisJson,
  genesisOf,
  inclusionsOf,
  parseAnswer,
  parseGenesis,
  parseTransactionInclusion,
  SCAN_START,
  scanChainFile,
  scanChunk,
  transactionInclusionJson,
  trustGenesis,
  verifyAnswer,
  verifyTransactionInclusion,
} from './index.js';
import { finalize, GENESIS, growChain, NETWORK, signAsValidator, skip, transaction } from './testing/samples.js';

const tx = transaction();
const [zero, grown] = growChain([
  { transactions: [tx, transaction({ createdAt: tx.head.createdAt + 1 })] },
  { view: 3 },
]);
const block = grown!.block;
const record = { finalize: finalize(block), closingHeaders: [], certificates: [] };
const proposal = { block, signature: signAsValidator(0, block.bytes), certificates: [] };
const inclusion = inclusionsOf(hasher, { ...grown!, above: [], certificate: encodeCertificate(record.finalize, 4) })(
  tx.id,
)!;
const bundle = {
  header: inclusion.header,
  above: [],
  certificate: inclusion.certificate,
  leaves: [{ key: 'unit/00/1', proof: new Uint8Array([0, 0, 0]) }],
  events: [
    {
      event: { type: 'ObjectEvent', eventID: 'urn:uuid:1' },
      part: inclusionProof(hasher, tx.parts, 1),
      head: tx.headBytes,
      transaction: inclusion.transaction,
    },
  ],
};

function scanAll(bytes: Uint8Array): Parsed<unknown> {
  const generator = scanChainFile(hasher, NETWORK, 4, bytes);
  for (;;) {
    const next = generator.next();
    if (next.done) return next.value ? { ok: false, malformed: next.value } : { ok: true, value: undefined };
  }
}

const DECODERS: readonly [string, Uint8Array, (bytes: Uint8Array) => Parsed<unknown>][] = [
  ['transaction', tx.bytes, (bytes) => decodeTransaction(hasher, NETWORK, bytes)],
  ['head', tx.headBytes, decodeHead],
  ['header', encodeHeader(block.header), (bytes) => decodeHeader(hasher, bytes)],
  ['block', block.bytes, (bytes) => decodeBlock(hasher, NETWORK, bytes)],
  ['proposal', encodeProposal(proposal, 4), (bytes) => decodeProposal(hasher, NETWORK, 4, bytes)],
  ['receipts', encodeReceipts(grown!.receipts), decodeReceipts],
  [
    'votes message',
    encodeVotesMessage({ type: 'certificate', certificate: skip(2) }, 4),
    (bytes) => decodeVotesMessage(bytes, 4),
  ],
  ['genesis', canonicalBytes(genesisJson(GENESIS)), parseGenesis],
  ['chain file', chainFile([zero!.block.bytes, block.bytes, encodeFinalityRecord(record, 4)]), scanAll],
];

const typed = (answer: Parsed<unknown>): void => {
  if (!answer.ok) expect(typeof answer.malformed.code + typeof answer.malformed.field).toBe('stringstring');
};

describe.each(DECODERS)('%s', (_name, valid, decode) => {
  it('decodes before it is damaged', () => expect(decode(valid).ok).toBe(true));

  it('answers random bytes with typed refusals only', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => typed(decode(bytes))));
  });

  it('answers damaged bytes (flipped, cut out, repeated) without throwing', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(9), fc.nat(40)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(edits, (list) => {
        let bytes = valid.slice();
        for (const [at, byte, kind, length] of list) {
          if (bytes.length === 0) break;
          const i = at % bytes.length;
          if (kind < 6) bytes[i] = byte;
          else if (kind < 8) bytes = new Uint8Array([...bytes.subarray(0, i), ...bytes.subarray(i + length)]);
          else bytes = new Uint8Array([...bytes.subarray(0, i + length), ...bytes.subarray(i)]);
        }
        typed(decode(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every truncation', () => {
    const cuts = Math.min(valid.length, 400);
    for (let i = 0; i < cuts; i++) {
      const cut = valid.subarray(0, Math.floor((i * valid.length) / cuts));
      if (_name !== 'chain file') expect(decode(cut).ok).toBe(false);
      else typed(decode(cut));
    }
  });
});

it('L3.1, L3.2: no byte of a block changes unnoticed', () => {
  for (let at = 0; at < block.bytes.length; at++) {
    const bytes = block.bytes.slice();
    bytes[at]! ^= 1;
    expect(decodeBlock(hasher, NETWORK, bytes).ok).toBe(false);
  }
});

it('a final lane message holds any bytes after its first byte, or is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const answer = decodeFinalMessage(bytes);
      if (answer.ok) expect(encodeFinalMessage(answer.value)).toEqual(bytes);
      else typed(answer);
    }),
  );
});

it('L8: a scan holds one piece and the chunk at most', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 30 }), (chunks) => {
      let state = SCAN_START;
      for (const chunk of [block.bytes.subarray(0, 100), ...chunks]) {
        const step = scanChunk(state, chunk);
        if (step.malformed) return;
        state = step.scan;
        expect(state.rest.length).toBeLessThanOrEqual(block.bytes.length + 64);
      }
      typed(endScan(state));
    }),
  );
});

describe('untrusted documents', () => {
  const trust = trustGenesis(hasher, GENESIS);
  const proveAnswer = (json: Json): void => {
    const answer = parseAnswer(json);
    typed(answer.ok ? verifyAnswer(hasher, trust, answer.value) : answer);
  };
  const proveInclusion = (json: Json): void => {
    const answer = parseTransactionInclusion(json);
    typed(answer.ok ? verifyTransactionInclusion(hasher, trust, answer.value) : answer);
  };

  it('any JSON is refused or parsed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        proveAnswer(json as Json);
        proveInclusion(json as Json);
        typed(genesisOf(json as Json));
      }),
    );
  });

  it.each([
    ['answer', answerJson(bundle) as Json, proveAnswer],
    ['inclusion', transactionInclusionJson(inclusion) as Json, proveInclusion],
  ])('an %s with one damaged value is refused or parsed', (_name, json, prove) => {
    const text = canonicalJson(json);
    const values = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(-1, 0.5, 2 ** 53, '', 'zz', '00'));
    const paths = leavesOf(JSON.parse(text) as Json, []);
    fc.assert(
      fc.property(fc.nat(paths.length - 1), values, (i, value) => {
        const spoilt = JSON.parse(text) as Json;
        place(spoilt, paths[i]!, value as Json);
        prove(spoilt);
      }),
      { numRuns: 400 },
    );
  });
});

type Path = readonly (string | number)[];

function leavesOf(json: Json | undefined, path: Path): readonly Path[] {
  if (typeof json !== 'object' || json === null) return [path];
  return [path, ...Object.entries(json).flatMap(([key, value]) => leavesOf(value as Json, [...path, key]))].filter(
    ({ length }) => length > 0,
  );
}

function place(json: Json, path: Path, value: Json): void {
  let at = json as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1)!] = value;
}
