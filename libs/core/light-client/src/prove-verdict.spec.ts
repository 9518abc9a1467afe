import { encodeHeader, trustGenesis, type AnswerBundle } from '@custos/core-chain';
import { referenceHasher as hasher, referenceVerify, type Digest } from '@custos/core-crypto';
import type { Asker } from '@custos/core-access';
import { readCode, type Question } from '@custos/core-custody';
import {
  captureParts,
  commission,
  EXPIRY,
  ilmdOf,
  LOT,
  MAKER,
  pack,
  PHARMACY,
  PRODUCT,
  recall,
  SmallChain,
  smallGenesis,
  START,
} from '@custos/core-execution/testing';
import { encodeCertificate } from '@custos/core-finality';
import { encodeStateProof } from '@custos/core-merkle';
import { mayShowProof, proveVerdict, type ProvenVerdict } from './index.js';

const genesis = smallGenesis('phone', START);
const chain = new SmallChain(genesis, hasher);
chain.grow([chain.sign('product', MAKER, [PRODUCT])]);
chain.grow([chain.sign('capture', MAKER, captureParts([commission(MAKER, [pack(1), pack(2)], ilmdOf(LOT, EXPIRY))]))]);
const trust = trustGenesis(hasher, genesis);

const PACK = `(01)04012345000016(21)P1(10)${LOT}(17)270630`;
const PATIENT: Asker = { kind: 'patient' };
const questionOf = (scan: string, asker: Asker = PATIENT): Question => ({
  code: readCode(scan, 2026),
  asker,
  purpose: 'check',
});

/** Returns the answer of an honest validator to these keys. */
function bundleOf(keys: readonly string[]): AnswerBundle {
  const leaves = keys.map((key) => {
    const value = chain.state.get(key)?.value;
    return { key, ...(value && { value }), proof: encodeStateProof(chain.tree.prove(chain.root, key)) };
  });
  const certificate = encodeCertificate(chain.finalize(chain.head), trust.validators.size);
  return { header: encodeHeader(chain.head), above: [], certificate, leaves, events: [] };
}

/** Asks until no leaf is missing, as a phone does. */
function ask(question: Question): ProvenVerdict & { readonly bundle: AnswerBundle } {
  let keys: readonly string[] = [];
  for (let round = 0; round < 12; round++) {
    const bundle = bundleOf(keys);
    const proven = proveVerdict(hasher, trust, question, bundle);
    if (!proven.ok) throw new Error(JSON.stringify(proven.malformed));
    if (proven.value.missing.length === 0) return { ...proven.value, bundle };
    keys = [...keys, ...proven.value.missing];
  }
  throw new Error('leaves are missing for ever');
}

describe('a verdict from proven leaves', () => {
  it('V1: follows from the leaves under one certified root, as of its block', () => {
    const { verdict, checks, header } = ask(questionOf(PACK));
    expect(verdict).toMatchObject({ answer: 'VERIFIED', reasons: [], asOf: { height: 2, time: header.timestamp } });
    expect(checks).toHaveLength(3);
    expect(checks.every(referenceVerify)).toBe(true);
    expect(ask(questionOf(PACK.replace('P1', 'P9'))).verdict).toMatchObject({ answer: 'UNKNOWN' });
  });

  it('L7.3: is undefined while a leaf is missing', () => {
    const { bundle } = ask(questionOf(PACK));
    for (const left of bundle.leaves) {
      const leaves = bundle.leaves.filter((leaf) => leaf !== left);
      const proven = proveVerdict(hasher, trust, questionOf(PACK), { ...bundle, leaves });
      expect(proven).toMatchObject({ ok: true, value: { missing: expect.arrayContaining([left.key]) } });
      expect(proven.ok && proven.value.verdict).toBeUndefined();
    }
  });

  it('L7.1: is refused for a changed value, another root and another network', () => {
    const { bundle } = ask(questionOf(PACK));
    const code = (changed: AnswerBundle, of = trust): string => {
      const proven = proveVerdict(hasher, of, questionOf(PACK), changed);
      return proven.ok ? 'taken' : proven.malformed.code;
    };
    const [first, ...others] = bundle.leaves;
    expect(code({ ...bundle, leaves: [{ ...first!, value: { forged: true } }, ...others] })).toBe('PROOF_WRONG');
    expect(code({ ...bundle, header: encodeHeader({ ...chain.head, stateRoot: '12'.repeat(32) as Digest }) })).not.toBe(
      'taken',
    );
    expect(code(bundle, trustGenesis(hasher, { ...genesis, name: 'other' }))).toBe('NETWORK_WRONG');
  });

  it('V2: the public sees the leaves of a pack only when it has shown all four elements', () => {
    const shown = (scan: string, asker?: Asker): readonly unknown[] => {
      const question = questionOf(scan, asker);
      const { verdict } = ask(question);
      return [verdict?.answer, mayShowProof(question, verdict!)];
    };
    expect(shown(PACK)).toEqual(['VERIFIED', true]);
    expect(shown('(01)04012345000016(21)P1')).toEqual(['INCOMPLETE', false]);
    expect(shown(PACK.replace(LOT, 'L25B'))).toEqual(['MISMATCH', false]);
    const pharmacy: Asker = { kind: 'dispenser', party: PHARMACY };
    expect(shown(PACK.replace(LOT, 'L25B'), pharmacy)).toEqual(['MISMATCH', true]);
  });

  it('C19: shows a recall in the next answer', () => {
    const statement = { id: 'R-1', class: 1, depth: 'patient', markets: ['DE'] };
    chain.grow([chain.sign('capture', MAKER, captureParts([recall(MAKER, LOT, statement)]))]);
    expect(ask(questionOf(PACK)).verdict).toMatchObject({
      answer: 'VERIFIED_NOT_SALEABLE',
      reasons: [{ code: 'RECALLED', facts: { recall: 'R-1' } }],
      asOf: { height: 3 },
    });
  });
});
