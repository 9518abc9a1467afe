import type { Role } from './party.js';

/** The levels of trade that a recall reaches, ascending. The depth of a recall only rises (C19). */
export const RECALL_DEPTHS = ['wholesale', 'dispenser', 'patient'] as const;
/** One of {@link RECALL_DEPTHS}. */
export type RecallDepth = (typeof RECALL_DEPTHS)[number];

/** The rules in which the laws of markets differ (M3). Durations are whole hours of 3,600,000 ms. */
export type RuleSet = {
  readonly undo: { readonly windowHours: number; readonly samePlace: boolean; readonly decommissioned: boolean };
  readonly partialDispensing: boolean;
  readonly transactionStatementRequired: boolean;
  readonly destroyAfterRecall: boolean;
  /** A2: the time within which a second report from the same place is a repeat and opens no alert. */
  readonly repeatWindowHours: number;
  readonly possessorAtDispensing: 'refuse' | 'warn';
  /** T2: the age up to which a dispense is still judged at its eventTime. */
  readonly lateDispenseHours: number;
  /** The roles that may no longer pass on a recalled lot, by the depth of the recall. */
  readonly recallDepthBars: { readonly [depth in RecallDepth]: readonly Role[] };
};

const WHOLESALE_ROLES: readonly Role[] = ['manufacturer', 'cmo', 'repackager', 'importer', 'distributor', '3pl'];
const DISPENSER_ROLES: readonly Role[] = ['pharmacy', 'hospital', 'supplier', 'prescriber'];

/**
 * The rule set of the EU, after Directive 2001/83/EC with Delegated Regulation (EU) 2016/161: undo within 10 days at
 * the same place (Art. 13), an opened pack is decommissioned whole (Art. 28), no transaction statement. Other markets
 * state their differences from it.
 */
export const EU_RULE_SET: RuleSet = {
  undo: { windowHours: 240, samePlace: true, decommissioned: true },
  partialDispensing: false,
  transactionStatementRequired: false,
  destroyAfterRecall: false,
  repeatWindowHours: 240,
  possessorAtDispensing: 'warn',
  lateDispenseHours: 72,
  recallDepthBars: {
    wholesale: WHOLESALE_ROLES,
    dispenser: [...WHOLESALE_ROLES, ...DISPENSER_ROLES],
    patient: [...WHOLESALE_ROLES, ...DISPENSER_ROLES],
  },
};
/** The name of the rule set of each country that genesis maps to no other set. */
export const DEFAULT_RULE_SET = 'EU';
