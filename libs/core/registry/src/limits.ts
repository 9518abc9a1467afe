// Each bounds what one signer can make every validator keep for ever.

/** L6.4: a party's or product's leaf; what is longer stands beside the tree. */
export const MAX_LEAF_BYTES = 1_024;
/** The rest of a party or product: 8 leaves' worth, enough for a product sold in every country. */
export const MAX_DETAIL_BYTES = 8_192;
export const MAX_NAME = 160;
export const MAX_LEVELS = 8;
export const MAX_MARKETS = 250;
export const MAX_CMOS = 32;
export const MAX_NATIONAL_NUMBERS = 60;
/** The version in force and those announced after it. */
export const MAX_VERSIONS = 4;
export const MAX_ROLES = 16;
export const MAX_LICENCES = 16;
export const MAX_AGENTS = 64;
/** Places one transaction may add or remove. */
export const MAX_LOCATIONS = 1_000;
/** Genesis is written by the founders and read once: generous, so that a whole country can start at once. */
export const MAX_GENESIS_ENTRIES = 100_000;
