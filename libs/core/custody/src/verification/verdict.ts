import type { JsonObject } from '@custos/core-bytes';
import { gtinOfUnitKey } from '@custos/core-gs1';
import {
  partyKey,
  productKey,
  registry,
  type Party,
  type ProductLeaf,
  type Registry,
  type Role,
} from '@custos/core-registry';
import { isLicensed, visible } from '@custos/core-access';
import { lotPublicOf } from '../units/entries.js';
import {
  barsRoles,
  mismatchOf,
  reasonsAgainst,
  type LotFacts,
  type SaleReason,
  type SaleFacts,
} from '../law/saleable.js';
import { gtinOfLot, lotKey, lotNumberOf } from '../state-keys.js';
import type { Happening, KnownUnit, Lifecycle } from '../units/unit.js';
import { aroundOf, productIn, readingOf, type Leaves, type Question, type Reading } from './question.js';

/** The answer of a verdict (V1). */
export type Answer =
  | 'VERIFIED_SALEABLE'
  | 'VERIFIED'
  | 'VERIFIED_NOT_SALEABLE'
  | 'INCOMPLETE'
  | 'MISMATCH'
  | 'UNKNOWN'
  | 'NOT_COVERED'
  | 'MALFORMED_SCAN';

/** A reason against a sale, or another reason of a verdict (V1). */
type VerdictReason = SaleReason | 'MALFORMED_SCAN' | 'NOT_COVERED' | 'UNKNOWN' | 'INCOMPLETE' | 'NOT_POSSESSOR';

/** The verdict on one code, as of one block (V1). */
export interface Verdict {
  readonly answer: Answer;
  /** All reasons against it, in the order of V1. */
  readonly reasons: readonly { readonly code: VerdictReason; readonly facts: JsonObject }[];
  /** State key of the judged unit, also when the code was repaired. */
  readonly unit?: string;
  /** V2: present when the asker has shown all elements of the pack or may see it. */
  readonly pack?: PackState;
  readonly asOf: AsOf;
}

/** The state of a pack that an asker may see (V2). */
interface PackState {
  readonly lifecycle: Lifecycle;
  readonly lot?: string;
  readonly expiry?: string;
  readonly product?: string;
  readonly possessor?: string;
  readonly ended?: Happening;
}

/** The block to which a verdict applies. */
export interface AsOf {
  readonly height: number;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
}

type StatedReason = Verdict['reasons'][number];

/**
 * V1: returns the verdict on a question. Partner, trace and phone use this function. `leaves` holds those that
 * `leavesFor` named.
 */
export function verdict(question: Question, leaves: Leaves, asOf: AsOf): Verdict {
  const reading = readingOf(question.code, leaves);
  const mangled: readonly StatedReason[] = reading.repair
    ? [{ code: 'MALFORMED_SCAN', facts: { kind: reading.repair.kind, repaired: reading.repair.code } }]
    : [];
  const answer = (word: Answer, reasons: readonly StatedReason[], rest: Partial<Verdict> = {}): Verdict => ({
    answer: word,
    reasons: [...mangled, ...reasons],
    ...rest,
    asOf,
  });
  const { malformed } = question.code;
  if (reading.key === undefined) {
    const facts: JsonObject = malformed
      ? { ...malformed }
      : { code: 'NO_SERIAL', fix: 'scan the code of a single pack' };
    return answer('MALFORMED_SCAN', [{ code: 'MALFORMED_SCAN', facts }]);
  }
  const around = aroundOf(reading.key, leaves, question.asker);
  const [unit] = around;
  if (!unit) return unknown(question, reading, leaves, asOf);
  return judge({ question, reading, leaves, asOf, around, unit, answer });
}

interface VerdictInput {
  readonly question: Question;
  readonly reading: Reading;
  readonly leaves: Leaves;
  readonly asOf: AsOf;
  readonly unit: KnownUnit;
  readonly around: readonly KnownUnit[];
  readonly answer: (word: Answer, reasons: readonly StatedReason[], rest?: Partial<Verdict>) => Verdict;
}

function judge(trial: VerdictInput): Verdict {
  const { question, reading, unit, answer } = trial;
  const isPublic = question.asker.kind === 'patient';
  // V2: the public receives only the existence of a unit until all four elements match.
  const lacking = (['lot', 'expiry'] as const).filter(
    (field) => unit.lot !== undefined && reading[field] === undefined,
  );
  if (isPublic && lacking.length > 0)
    return answer('INCOMPLETE', [{ code: 'INCOMPLETE', facts: { missing: lacking } }], { unit: unit.key });
  const mismatch = mismatchOf(reading, unit);
  if (isPublic && mismatch.length > 0)
    return answer('MISMATCH', [{ code: 'MISMATCH', facts: { fields: mismatch } }], { unit: unit.key });
  const reasons = reasonsFor(trial, mismatch);
  const rest = { unit: unit.key, pack: packState(trial) };
  if (mismatch.length > 0) return answer('MISMATCH', reasons, rest);
  if (reasons.length > 0) return answer('VERIFIED_NOT_SALEABLE', reasons, rest);
  return answer(isPublic ? 'VERIFIED' : 'VERIFIED_SALEABLE', reasons, rest);
}

function unknown({ code, asker }: Question, { gtin, lot, expiry }: Reading, leaves: Leaves, asOf: AsOf): Verdict {
  const told = (answer: Answer, facts: JsonObject): Verdict => ({
    answer,
    reasons: [{ code: answer === 'UNKNOWN' ? 'UNKNOWN' : 'NOT_COVERED', facts }],
    asOf,
  });
  if (gtin === undefined) return told('UNKNOWN', { sscc: code.unit?.kind === 'sscc' });
  const product = productIn(gtin, leaves);
  if (!product) return told('NOT_COVERED', { gtin });
  const { coveredFrom } = product;
  if (expiry !== undefined && coveredFrom !== undefined && expiry < coveredFrom)
    return told('NOT_COVERED', { gtin, expiry, coveredFrom });
  const lotKnown = lot !== undefined && leaves.get(lotKey(product.gtin, lot)) !== undefined;
  const lotFact = lot === undefined || asker.kind === 'patient' ? {} : { lotKnown };
  return told('UNKNOWN', { gtin, serial: true, ...lotFact });
}

function reasonsFor(trial: VerdictInput, mismatch: readonly string[]): readonly StatedReason[] {
  const { question, leaves, asOf, around } = trial;
  const { asker, market, purpose } = question;
  const rules = registryOver(leaves).ruleSet(market ?? '');
  const party = asker.party === undefined ? undefined : partyIn(leaves, asker.party);
  const openToAll = asker.kind === 'patient' || asker.kind === 'regulator';
  const reasons = reasonsAgainst(standingsIn(trial), {
    markets: market === undefined ? [] : [market],
    bars: (recall) => openToAll || barsRoles(recall, party?.roles ?? ROLES_OF[asker.kind], rules),
    at: asOf.time,
    mayGoOn: around[0]?.opened !== undefined && around[0].opened.by === asker.party,
    licensed: purpose === 'check' || !party ? undefined : licensed(party, purpose === 'dispense', asOf.time),
    mismatch,
  });
  // V1: transit, custody and licences are not reported to a patient, and "dispensed" is what a patient expects.
  if (asker.kind === 'patient')
    return reasons.filter(
      ({ code, facts }) => code !== 'IN_TRANSIT' && !(code === 'INACTIVE' && facts.reason === 'dispensed'),
    );
  const possessor = around.at(-1)?.custody?.possessor;
  const astray = purpose === 'dispense' && possessor !== undefined && possessor !== asker.party;
  if (!astray || rules.possessorAtDispensing === 'warn') return reasons;
  return [...reasons, { code: 'NOT_POSSESSOR', facts: { possessor } }];
}

const ROLES_OF: { readonly [kind in 'dispenser' | 'wholesaler' | 'patient' | 'regulator']: readonly Role[] } = {
  dispenser: ['pharmacy'],
  wholesaler: ['distributor'],
  patient: [],
  regulator: [],
};

function licensed(
  party: Party,
  dispensing: boolean,
  at: number,
): { readonly valid: boolean; readonly facts: JsonObject } {
  return { valid: isLicensed(party, dispensing ? 'dispense' : 'sell', at), facts: { party: party.gln } };
}

/** Returns the facts that the law gathers from the state (C6, C15), here from leaves. */
function standingsIn({ unit, around, leaves }: VerdictInput): SaleFacts {
  const inside = unit.contains?.lots;
  const named = inside === undefined || inside === 'many' ? [] : Object.keys(inside);
  const keys = [...new Set([...(unit.lot === undefined ? [] : [unit.lot]), ...named])];
  return {
    lots: keys.map((key) => lotStanding(key, leaves, key === unit.lot ? unit.expiry : undefined)),
    products: [...new Set(keys.map(gtinOfLot))].map((gtin) => ({
      gtin,
      withdrawn: (leaves.get(productKey(gtin))?.value as ProductLeaf | undefined)?.withdrawn ?? {},
    })),
    lifecycles: around.map(({ lifecycle }) => lifecycle),
    holds: around.flatMap((one) => one.holds?.map(({ kind }) => kind) ?? (one.onHold ? ['untold'] : [])),
    inactiveInside: unit.contains?.inactive ?? 0,
    heldInside: unit.contains?.held ?? 0,
    transit: around.at(-1)?.custody?.transit,
  };
}

function lotStanding(key: string, leaves: Leaves, ownExpiry: string | undefined): LotFacts {
  const entry = leaves.get(key);
  const lot = entry && lotPublicOf(entry.value);
  return { key, expiry: ownExpiry ?? lot?.expiry, recalls: lot?.recalls ?? [] };
}

function packState({ question, unit, around, leaves }: VerdictInput): PackState {
  const { asker } = question;
  const custody = around.at(-1)?.custody;
  const parties = [custody?.possessor, custody?.owner, custody?.transit?.to].filter((gln) => gln !== undefined);
  const mayKnow = visible(asker, { about: 'custody', parties });
  const gtin = gtinOfUnitKey(unit.key);
  const over = around.find(({ lifecycle }) => lifecycle.state !== 'active') ?? unit;
  return {
    lifecycle: over.lifecycle,
    lot: unit.lot && lotNumberOf(unit.lot),
    expiry: unit.expiry,
    product: gtin === undefined ? undefined : productIn(gtin, leaves)?.name,
    possessor: mayKnow ? custody?.possessor : undefined,
    ended: mayKnow ? over.ended : undefined,
  };
}

function registryOver(leaves: Leaves): Registry {
  return registry({ get: (key) => leaves.get(key) });
}

function partyIn(leaves: Leaves, gln: string): Party | undefined {
  // A party's leaf is used only with its private part, which holds its agents.
  return leaves.get(partyKey(gln))?.private ? registryOver(leaves).party(gln) : undefined;
}
