/** The limits of the genesis document (L3.4), which the founders write. `core/chain` and `core/registry` both read it. */
export const GENESIS_LIMITS = {
  /** The largest number each of parties, keys and products. Transactions add later ones. */
  entries: 10_000,
  /** The largest number of rule sets. */
  ruleSets: 64,
  /** The largest length of a rule set's name in characters, which people read in a table. */
  ruleSetName: 32,
  /** The largest number of countries: two letters make 676 codes, of which ISO 3166-1 uses about 250. */
  countries: 676,
} as const;
