// Each limit bounds the state that one signer can make every validator keep for ever.

/** L6.4: the largest leaf of a party or product in bytes. The rest is stored beside the tree. */
export const MAX_LEAF_BYTES = 1_024;
/** The largest rest of a party or product in bytes: 8 leaves, enough for a product that is sold in every country. */
export const MAX_DETAIL_BYTES = 8_192;
/** The largest length of a name in characters. */
export const MAX_NAME = 160;
/** The largest number of packaging levels of a product, the base included. */
export const MAX_LEVELS = 8;
/** The largest number of markets of a product: about the number of countries in ISO 3166-1. */
export const MAX_MARKETS = 250;
/** The largest number of contract manufacturers of a product. */
export const MAX_CMOS = 32;
/** The largest number of national product numbers of a product. */
export const MAX_NATIONAL_NUMBERS = 60;
/** The largest number of versions of a product: the one in force and those announced after it. */
export const MAX_VERSIONS = 4;
/** The largest number of roles in a list. */
export const MAX_ROLES = 16;
/** The largest number of licences of a party. */
export const MAX_LICENCES = 16;
/** The largest number of agents of a party. */
export const MAX_AGENTS = 64;
/** The largest number of places that one transaction may add, and the same for removing. */
export const MAX_LOCATIONS = 1_000;
