import type { Action, EventType } from '@custos/core-epcis';
import type { Capability } from '@custos/core-access';

/** The relation of a unit to the signer of an event (S6). */
export type UnitRelation = 'unknown' | 'coming' | 'possessed' | 'travelling' | 'elsewhere';

/** The members of the `custos:` namespace that choose a row. */
type CustosMember = 'hold' | 'restate' | 'recall' | 'origin' | 'document' | 'missing' | 'scan';

/** A condition on an event and its units. Each given member must hold; a missing member is not compared. */
export interface Match {
  readonly types?: readonly EventType[];
  readonly actions?: readonly Action[];
  /** Business steps; `''` matches an event without one. */
  readonly steps?: readonly string[];
  /** Dispositions, of which the event states or sets one. */
  readonly dispositions?: readonly string[];
  readonly member?: CustosMember;
  readonly error?: 'did_not_occur' | 'any';
  /** The event names a destination of type owning_party. */
  readonly namesBuyer?: true;
  /** Compared unit by unit (S6): the kind of its key, and its relation to the signer. */
  readonly units?: 'sgtin' | 'sscc';
  readonly relations?: readonly UnitRelation[];
  /** The row takes the event as a whole, also when it lists no unit. */
  readonly whole?: true;
}

/** One row of the law: its conditions, the right to act, and its refusals. */
export interface Row {
  readonly rule: string;
  readonly action: string;
  readonly who: string;
  /** The capability that a role of the signer needs, for any unit. */
  readonly capability?: Capability;
  readonly on: readonly Match[];
  readonly inForce: boolean;
  /** M1: the place that the event states must be the signer's. */
  readonly place?: true;
  readonly refusals: readonly string[];
}

const OBJECTS: readonly EventType[] = ['ObjectEvent', 'AggregationEvent'];
const DISPENSED = ['dispensed', 'partially_dispensed', 'retail_sold'] as const;
const MISMATCHES = ['mismatch_instance', 'mismatch_class', 'mismatch_quantity'] as const;
const DISPENSING = ['dispensing', 'retail_selling'] as const;
const UNIT_REFUSALS = ['UNKNOWN_UNIT', 'UNIT_INACTIVE', 'NOT_POSSESSOR'] as const;
const NOT_SALEABLE = 'NOT_SALEABLE_*';

/** S5: the law of custody. The first row that matches decides; C24 matches everything. */
export const ROWS = [
  {
    rule: 'C17',
    action: 'undo the end of a unit',
    who: 'the party that ended it',
    on: [{ error: 'did_not_occur', whole: true }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C21',
    action: 'correct an event',
    who: 'the party that signed it',
    on: [{ error: 'any', whole: true }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C19',
    action: 'recall a lot',
    who: 'owner of the GTIN, or a regulator',
    on: [{ types: ['ObjectEvent'], actions: ['OBSERVE'], member: 'recall', whole: true }],
    inForce: true,
    refusals: ['GTIN_NOT_OWNED', 'RECALL_NARROWED'],
  },
  {
    rule: 'C22',
    action: 'restate lot or expiry',
    who: 'owner of the GTIN',
    on: [{ member: 'restate', whole: true }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C14',
    action: 'declare illegitimate',
    who: 'possessor, owner of the GTIN, or a regulator',
    on: [{ steps: ['inspecting'], dispositions: ['non_conformant'], member: 'hold', whole: true }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C12',
    action: 'set or lift a hold',
    who: 'possessor, owner, owner of the GTIN, or a regulator',
    on: [
      { member: 'hold', whole: true },
      { actions: ['OBSERVE'], steps: ['holding'], dispositions: ['non_sellable_other', 'no_pedigree_match'] },
      { actions: ['OBSERVE'], steps: ['inspecting'], dispositions: ['no_pedigree_match'] },
    ],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C13',
    action: 'release a verified return',
    who: 'possessor',
    on: [{ actions: ['OBSERVE'], steps: ['inspecting'], dispositions: ['conformant'], member: 'scan' }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C10',
    action: 'report missing, surplus, damaged or wrong goods',
    who: 'receiver',
    on: [
      { member: 'missing', whole: true },
      { actions: ['OBSERVE'], steps: ['receiving', 'inspecting'], dispositions: MISMATCHES },
    ],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C23',
    action: 'introduce opening stock',
    who: 'holder of a licence for intake',
    on: [{ types: ['ObjectEvent'], actions: ['ADD'], member: 'origin', whole: true }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C1',
    action: 'commission packs and cases',
    who: 'owner of the GTIN, or a contract manufacturer that the product names',
    capability: 'commission',
    on: [{ types: ['ObjectEvent'], actions: ['ADD'], units: 'sgtin' }],
    inForce: true,
    place: true,
    refusals: ['SERIAL_REUSED', 'GTIN_NOT_OWNED', 'LOT_EXPIRY_CONFLICT', 'EXPIRED', 'ROLE_MAY_NOT'],
  },
  {
    rule: 'C2',
    action: 'commission a logistic unit',
    who: 'holder of the company prefix, or its agent',
    on: [{ types: ['ObjectEvent'], actions: ['ADD'], units: 'sscc' }],
    inForce: true,
    place: true,
    refusals: ['SSCC_IN_USE', 'PREFIX_NOT_OWNED'],
  },
  {
    rule: 'C3',
    action: 'pack into a container',
    who: 'possessor',
    capability: 'pack',
    on: [{ types: ['AggregationEvent'], actions: ['ADD'], whole: true }],
    inForce: true,
    place: true,
    refusals: [
      ...UNIT_REFUSALS,
      'UNKNOWN_CONTAINER',
      'NOT_OWNER',
      'CYCLE',
      'TOO_DEEP',
      'ROLE_MAY_NOT',
      'ALREADY_IN_TRANSIT',
    ],
  },
  {
    rule: 'C4',
    action: 'unpack',
    who: 'possessor',
    capability: 'pack',
    on: [{ types: ['AggregationEvent'], actions: ['DELETE'], whole: true }],
    inForce: true,
    place: true,
    refusals: [
      'UNKNOWN_CONTAINER',
      'UNKNOWN_UNIT',
      'NOT_POSSESSOR',
      'NOT_IN_CONTAINER',
      'ROLE_MAY_NOT',
      'ALREADY_IN_TRANSIT',
      'TOO_MUCH_WORK',
    ],
  },
  {
    rule: 'C15',
    action: 'dispense',
    who: 'pharmacy, hospital or other lawful supplier with a valid licence',
    capability: 'dispense',
    on: [
      { types: ['ObjectEvent'], actions: ['DELETE'], steps: DISPENSING },
      { types: ['ObjectEvent'], actions: ['DELETE'], steps: [''], dispositions: DISPENSED },
      { types: OBJECTS, actions: ['OBSERVE'], steps: DISPENSING },
    ],
    inForce: true,
    place: true,
    refusals: ['UNKNOWN_UNIT', 'ROLE_MAY_NOT', 'ALREADY_DISPENSED', 'NOT_POSSESSOR', NOT_SALEABLE],
  },
  {
    rule: 'C16',
    action: 'end a unit otherwise',
    who: 'as the reason says',
    on: [
      { types: ['ObjectEvent'], actions: ['DELETE'] },
      { types: OBJECTS, actions: ['OBSERVE'], steps: ['decommissioning', 'sampling', 'destroying'] },
    ],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C6',
    action: 'ship',
    who: 'possessor, or the owner whose agent possesses',
    capability: 'ship',
    on: [{ types: OBJECTS, actions: ['OBSERVE'], steps: ['shipping', 'departing', 'consigning'] }],
    inForce: true,
    place: true,
    refusals: [
      ...UNIT_REFUSALS,
      'NO_MANDATE',
      'RECEIVER_MISSING',
      'RECEIVER_NOT_AUTHORISED',
      'ALREADY_IN_TRANSIT',
      'RETURN_UNVERIFIED',
      'ROLE_MAY_NOT',
      'TRANSACTION_STATEMENT_MISSING',
      NOT_SALEABLE,
    ],
  },
  {
    rule: 'C7',
    action: 'void a shipment',
    who: 'sender',
    on: [{ types: OBJECTS, actions: ['OBSERVE'], steps: ['void_shipping'] }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C8',
    action: 'receive',
    who: 'addressee, or its agent',
    capability: 'receive',
    on: [
      {
        types: OBJECTS,
        actions: ['OBSERVE'],
        steps: ['receiving'],
        relations: ['coming', 'possessed', 'travelling'],
      },
      { types: OBJECTS, actions: ['OBSERVE'], steps: ['accepting'], relations: ['coming'] },
    ],
    inForce: true,
    place: true,
    refusals: ['NOT_ADDRESSEE', 'ROLE_MAY_NOT'],
  },
  {
    rule: 'C9',
    action: 'claim goods that came before their data',
    who: 'any authorised party',
    on: [{ types: OBJECTS, actions: ['OBSERVE'], steps: ['receiving'], relations: ['unknown', 'elsewhere'] }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C11',
    action: 'change the owner alone',
    who: 'owner, then buyer',
    on: [
      { types: ['TransactionEvent'], actions: ['ADD'], namesBuyer: true },
      { types: OBJECTS, actions: ['OBSERVE'], steps: ['accepting'] },
    ],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C18',
    action: 'transform or repack',
    who: 'repackager; maker when no input is serialised',
    on: [{ types: ['TransformationEvent'] }],
    inForce: false,
    refusals: ['NOT_YET'],
  },
  {
    rule: 'C24',
    action: 'record',
    who: 'any party',
    on: [{ whole: true }],
    inForce: true,
    refusals: [],
  },
] as const satisfies readonly Row[];

/** The id of a row, as `docs/spec/custody.md` numbers it. */
export type Rule = (typeof ROWS)[number]['rule'];
/** A row of {@link ROWS}. */
export type LawRow = Row & { readonly rule: Rule };

/** The rules that apply within other rows, or by transactions of other kinds; for the printed law. */
export const DERIVED_ROWS = [
  { rule: 'C5', action: 'taken out of a container that the event does not name', within: ['C3', 'C6', 'C8', 'C15'] },
  { rule: 'C20', action: 'withdraw a product', within: ['product transaction'] },
] as const;

/** S5: the business steps that belong to a row. ADD with one of them is refused as a mistake. */
export const LAW_STEPS: ReadonlySet<string> = new Set([
  'commissioning',
  'packing',
  'unpacking',
  ...ROWS.flatMap(({ on }) => on.flatMap((match: Match) => match.steps ?? [])).filter((step) => step !== ''),
]);
