import type { JsonObject } from '@custos/core-bytes';
import type { Refused, RefusalRow } from '@custos/core-state';

const row = (rowClass: RefusalRow['class'], facts: readonly string[], meaning: string, remedy: string): RefusalRow => ({
  facts,
  meaning,
  remedy,
  class: rowClass,
  alert: false,
});

/** The refusals of the registry by code, each with its facts, meaning and remedy. Custody has its own table. */
export const REGISTRY_REFUSALS = {
  MALFORMED_PAYLOAD: row(
    'malformed',
    ['rule', 'field', 'fix'],
    'The payload of the transaction breaks its format.',
    'Mend the field as the fix says and sign a new transaction.',
  ),
  NOT_YET: row(
    'not-yet',
    ['rule', 'what'],
    'This part of the law is not in force on this network yet.',
    'Wait for a version of the network that has it.',
  ),
  SIGNERS_DIFFER: row(
    'forbidden',
    ['parties'],
    'The keys that signed belong to more than one party.',
    'Sign with keys of the one party that acts.',
  ),
  PARTY_UNKNOWN: row('unknown', ['gln'], 'No party with this GLN is registered.', 'Check the GLN, or register it.'),
  ROLE_MAY_NOT: row(
    'forbidden',
    ['party', 'roles'],
    'None of the roles of the signing party allows this.',
    'Have it done by a party whose role allows it.',
  ),
  GTIN_NOT_OWNED: row(
    'forbidden',
    ['gtin', 'owner', 'signer'],
    'The GTIN belongs to another party, or to none: neither prefix nor grant is held by the signer.',
    'Use a GTIN of your own prefix, or ask its holder for a grant.',
  ),
  GTIN_TAKEN: row(
    'conflict',
    ['gtin', 'product'],
    'The GTIN is already a packaging level of another product.',
    'Give each product and level a GTIN of its own.',
  ),
  PRODUCT_EXISTS: row(
    'conflict',
    ['gtin', 'version'],
    'A product with this base GTIN is registered.',
    'Revise it to change its master data.',
  ),
  PRODUCT_UNKNOWN: row('unknown', ['gtin'], 'No product with this GTIN is registered.', 'Register the product first.'),
  EFFECTIVE_FROM_TOO_EARLY: row(
    'unprocessable',
    ['effectiveFrom', 'earliest'],
    'A version may not come into force in the past, nor before the version announced last.',
    'Choose a later time, or leave it out for "at once".',
  ),
  TOO_MANY_VERSIONS: row(
    'conflict',
    ['limit'],
    'As many versions as may be announced ahead are waiting.',
    'Wait until one of them is in force.',
  ),
  LEVEL_REMOVED: row(
    'unprocessable',
    ['gtin'],
    'A packaging level cannot leave a product: packs that carry its GTIN may exist.',
    'List every level the product ever had.',
  ),
  ALREADY_WITHDRAWN: row(
    'conflict',
    ['gtin', 'market', 'at'],
    'The product was withdrawn from this market before.',
    'Nothing is left to do; a withdrawal is never undone.',
  ),
  ALREADY_GRANTED: row(
    'conflict',
    ['gtin', 'to'],
    'The GTIN is granted to this party already.',
    'Nothing is left to do.',
  ),
  GLN_NOT_OWNED: row(
    'forbidden',
    ['gln', 'owner'],
    'The GLN was made from the prefix of another party.',
    'Use a GLN of your own prefix.',
  ),
  GLN_TAKEN: row('conflict', ['gln', 'party'], 'Another party has registered this place.', 'Check the GLN.'),
  LOCATION_UNKNOWN: row('unknown', ['gln'], 'The party has no such place.', 'Check the GLN.'),
  LOCATION_IS_PARTY: row(
    'unprocessable',
    ['gln'],
    "A party's own GLN is always one of its places.",
    'Leave it out of the list.',
  ),
  KEY_UNKNOWN: row('unknown', ['keyId'], 'No such key of this party is enrolled.', 'Check the key id.'),
  KEY_REVOKED: row('conflict', ['keyId', 'revoked'], 'The key was revoked before.', 'Nothing is left to do.'),
  TOO_LARGE: row(
    'too-large',
    ['key', 'bytes', 'limit'],
    'What would stand in the state is longer than its limit.',
    'Shorten names and lists.',
  ),
} satisfies Record<string, RefusalRow>;

/** A code of {@link REGISTRY_REFUSALS}. */
export type RegistryRefusalCode = keyof typeof REGISTRY_REFUSALS;

/** Returns a refusal with its facts, which are the members that the row of the code lists. */
export function refuse(code: RegistryRefusalCode, facts: JsonObject): Refused<RegistryRefusalCode> {
  return { outcome: 'refused', refusal: { code, facts } };
}
