import { fields, reject, textOf, type Json } from '@custos/core-bytes';
import { ruleSetAt } from '../payloads/parse-rule-set.js';
import { DEFAULT_RULE_SET, EU_RULE_SET, type RuleSet } from '../entries/rule-set.js';
import { GENESIS_LIMITS, type Overlay } from '@custos/core-state';
import { COUNTRIES_KEY, marketRuleKey } from '../entries/state-keys.js';
import { countryAt } from '../entries/terms.js';

/**
 * M3: writes every rule set in full, the EU's too, and the map from countries to their names. Refuses RULE_SET_UNKNOWN
 * for a country with an unknown set. Refuses with `reject`, so the caller runs it inside `attempt`.
 */
export function writeRuleSets(written: Overlay, countries: Json, ruleSets: Json): void {
  const sets = new Map<string, RuleSet>([[DEFAULT_RULE_SET, EU_RULE_SET]]);
  for (const [name, value, at] of fields({ ruleSets }, '').members('ruleSets', GENESIS_LIMITS.ruleSets)) {
    sets.set(textOf(name, at, GENESIS_LIMITS.ruleSetName), ruleSetAt(value, at));
  }
  for (const [name, set] of sets) written.set(marketRuleKey(name), { value: set });
  const setOf: (readonly [string, string])[] = [];
  for (const [name, value, at] of fields({ countries }, '').members('countries', GENESIS_LIMITS.countries)) {
    const set = textOf(value, at, GENESIS_LIMITS.ruleSetName);
    if (!sets.has(set)) reject('RULE_SET_UNKNOWN', at, `one of ${[...sets.keys()].join(', ')}`);
    setOf.push([countryAt(name, at), set]);
  }
  written.set(COUNTRIES_KEY, { value: Object.fromEntries(setOf) });
}
