import type { KeyId, PublicKey } from '@custos/core-crypto';

/** What an organisation is. What a role may do stands in core/custody, never here. */
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
export type Role = (typeof ROLES)[number];

/** `intake` lets a party introduce opening stock (C23); the others back the roles of the same trade. */
export const LICENCE_KINDS = ['manufacturing', 'importing', 'wholesale', 'dispensing', 'intake', 'disposal'] as const;
export type LicenceKind = (typeof LICENCE_KINDS)[number];

/** Half-open in milliseconds since 1970: `validFrom <= t < validTo`; no end = until withdrawn. */
export type Validity = {
  readonly validFrom: number;
  readonly validTo?: number;
};

export type Licence = Validity & {
  readonly kind: LicenceKind;
};

/** A party registered to act for this one; with a mandate it may also change ownership. */
export type Agent = Validity & {
  readonly gln: string;
  readonly mandate: boolean;
};

export interface Party {
  readonly gln: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly roles: readonly Role[];
  readonly licences: readonly Licence[];
  readonly agents: readonly Agent[];
}

/** A place with a GLN. The party's own GLN is one of them. */
export interface Location {
  readonly gln: string;
  /** GLN of the party whose place it is. */
  readonly party: string;
  readonly country: string;
  readonly name?: string;
}

/** The whole life of one key. Heights are of the blocks that enrolled and revoked it (L2.7). */
export interface KeyRecord {
  readonly keyId: KeyId;
  readonly publicKey: PublicKey;
  readonly party: string;
  readonly enrolled: number;
  readonly revoked?: number;
  /** Uses after this time (ms) deserve a second look; set when a key was lost before it was revoked. */
  readonly suspectSince?: number;
}

export function isValidAt(validity: Validity, at: number): boolean {
  return validity.validFrom <= at && (validity.validTo === undefined || at < validity.validTo);
}
