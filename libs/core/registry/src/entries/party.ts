import type { KeyId, PublicKey } from '@custos/core-crypto';

/** The roles of an organisation. Their capabilities are in core/access, not here. */
export const ROLES = [
  'manufacturer',
  'cmo',
  'repackager',
  'importer',
  'distributor',
  '3pl',
  'pharmacy',
  'hospital',
  'supplier',
  'prescriber',
  'regulator',
  'laboratory',
  'disposer',
  'returns-processor',
  'insurer',
  'foreign',
] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/**
 * The kinds of licences. `intake` permits the introduction of opening stock (C23); the others back the roles of the
 * same trade.
 */
export const LICENCE_KINDS = ['manufacturing', 'importing', 'wholesale', 'dispensing', 'intake', 'disposal'] as const;
/** One of {@link LICENCE_KINDS}. */
export type LicenceKind = (typeof LICENCE_KINDS)[number];

/**
 * A period in milliseconds since 1970, half-open: `validFrom <= t < validTo`. Without `validTo` it lasts until
 * withdrawn.
 */
export type Validity = {
  readonly validFrom: number;
  readonly validTo?: number;
};

/** A licence of a party with its period. */
export type Licence = Validity & {
  readonly kind: LicenceKind;
};

/** A party registered to act for this one. With a mandate it may also change ownership. */
export type Agent = Validity & {
  readonly gln: string;
  readonly mandate: boolean;
};

/** An organisation of the network, by its GLN of 13 digits. */
export interface Party {
  readonly gln: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly roles: readonly Role[];
  readonly licences: readonly Licence[];
  readonly agents: readonly Agent[];
}

/** A place with a GLN. The party's own GLN is also one of its places. */
export interface Location {
  readonly gln: string;
  /** GLN of the party whose place it is. */
  readonly party: string;
  readonly country: string;
  readonly name?: string;
}

/** The history of one key. `enrolled` and `revoked` are the heights of the blocks that did so (L2.7). */
export interface KeyRecord {
  readonly keyId: KeyId;
  readonly publicKey: PublicKey;
  readonly party: string;
  readonly enrolled: number;
  readonly revoked?: number;
  /**
   * Time in milliseconds since 1970 after which signatures are suspect. Set when a key was lost before it was revoked.
   */
  readonly suspectSince?: number;
}

/** Reports whether a time, in milliseconds since 1970, lies within the period. */
export function isValidAt(validity: Validity, at: number): boolean {
  return validity.validFrom <= at && (validity.validTo === undefined || at < validity.validTo);
}
