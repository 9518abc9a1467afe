import type { Role } from './party.js';

/** How far down a recall reaches; ascending, and a recall's depth only rises (C19). */
export const RECALL_DEPTHS = ['wholesale', 'dispenser', 'patient'] as const;
export type RecallDepth = (typeof RECALL_DEPTHS)[number];

/** What the laws of markets differ in (M3). Durations in whole hours of 3,600,000 ms. */
export type RuleSet = {
  readonly undo: { readonly windowHours: number; readonly samePlace: boolean; readonly decommissioned: boolean };
  readonly partialDispensing: boolean;
  readonly transactionStatementRequired: boolean;
  readonly destroyAfterRecall: boolean;
  /** A2: a second report from the same place within this time is a repeat, not an alert. */
  readonly repeatWindowHours: number;
  readonly possessorAtDispensing: 'refuse' | 'warn';
  /** T2: a dispense this late is still judged at its eventTime. */
  readonly lateDispenseHours: number;
  /** Which roles may no longer pass a recalled lot on, by the depth of the recall. */
  readonly recallDepthBars: { readonly [depth in RecallDepth]: readonly Role[] };
};

const WHOLESALE_ROLES: readonly Role[] = ['manufacturer', 'cmo', 'repackager', 'importer', 'distributor', '3pl'];
const DISPENSER_ROLES: readonly Role[] = ['pharmacy', 'hospital', 'supplier', 'prescriber'];

/**
 * Directive 2001/83/EC with Delegated Regulation (EU) 2016/161: undo within 10 days at the same place (Art. 13),
 * a pack opened is decommissioned whole (Art. 28), no transaction statement. Markets give differences from it.
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
/** The set of every country that genesis maps to no other. */
export const DEFAULT_RULE_SET = 'EU';
