import type { Json, JsonObject } from '@custos/core-bytes';
import { EU_RULE_SET } from '@custos/core-registry';
import { CAPABILITIES } from '@custos/core-access';
import { REFUSALS, WARNINGS } from './catalogue.js';
import { DERIVED_ROWS, LAW_STEPS, ROWS } from './rows.js';
import { SALE_REASONS } from './saleable.js';
import { HAVENS } from './travel.js';
import { HOLD_KINDS } from '../units/unit.js';

/**
 * Returns the law as data. `docs/spec/custody.md` and the service's documentation print it, and third parties load it.
 */
export function lawTable(): JsonObject {
  return {
    rows: ROWS as readonly Json[],
    derived: DERIVED_ROWS as readonly Json[],
    steps: [...LAW_STEPS].sort(),
    saleReasons: SALE_REASONS,
    holds: HOLD_KINDS,
    havens: HAVENS,
    capabilities: CAPABILITIES as unknown as JsonObject,
    refusals: REFUSALS as unknown as JsonObject,
    warnings: WARNINGS,
    defaultRuleSet: EU_RULE_SET,
  };
}
