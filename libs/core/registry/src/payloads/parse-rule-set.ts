import { fields, wordOf, type Fields } from '@custos/core-bytes';
import type { Json } from '@custos/core-bytes';
import { MAX_ROLES } from '../limits.js';
import { ROLES, type Role } from '../entries/party.js';
import { EU_RULE_SET, RECALL_DEPTHS, type RuleSet } from '../entries/rule-set.js';

/**
 * Reads a rule set of genesis. A missing member has the value of the EU's set (M3: one default, differences only).
 * Refuses with `reject`, so the caller runs it inside `attempt`.
 */
export function ruleSetAt(value: Json, at: string): RuleSet {
  const source = fields(value, at);
  const hours = (name: 'repeatWindowHours' | 'lateDispenseHours'): number =>
    source.has(name) ? source.integer(name, 0) : EU_RULE_SET[name];
  const flag = (name: 'partialDispensing' | 'transactionStatementRequired' | 'destroyAfterRecall'): boolean =>
    source.has(name) ? source.boolean(name) : EU_RULE_SET[name];
  const set: RuleSet = {
    undo: source.has('undo') ? undoOf(source.object('undo')) : EU_RULE_SET.undo,
    partialDispensing: flag('partialDispensing'),
    transactionStatementRequired: flag('transactionStatementRequired'),
    destroyAfterRecall: flag('destroyAfterRecall'),
    repeatWindowHours: hours('repeatWindowHours'),
    possessorAtDispensing: source.has('possessorAtDispensing')
      ? source.oneOf('possessorAtDispensing', ['refuse', 'warn'])
      : EU_RULE_SET.possessorAtDispensing,
    lateDispenseHours: hours('lateDispenseHours'),
    recallDepthBars: source.has('recallDepthBars')
      ? barsOf(source.object('recallDepthBars'))
      : EU_RULE_SET.recallDepthBars,
  };
  source.end();
  return set;
}

function undoOf(source: Fields): RuleSet['undo'] {
  const undo = {
    windowHours: source.integer('windowHours', 0),
    samePlace: source.boolean('samePlace'),
    decommissioned: source.boolean('decommissioned'),
  };
  source.end();
  return undo;
}

function barsOf(source: Fields): RuleSet['recallDepthBars'] {
  const [wholesale, dispenser, patient] = RECALL_DEPTHS.map((depth) => rolesOf(source, depth));
  source.end();
  return { wholesale: wholesale!, dispenser: dispenser!, patient: patient! };
}

/** Reads a list of at most MAX_ROLES roles; a missing list is empty. */
export function rolesOf(source: Fields, name: string): readonly Role[] {
  return source.list(name, MAX_ROLES, (role, at) => wordOf(role, at, ROLES));
}
