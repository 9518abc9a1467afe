import { canonicalBytes, type Json } from '@custos/core-bytes';
import { checkDigit } from '@custos/core-gs1';
import { toHex, utf8 } from '@custos/core-bytes';
import type { Signer } from '@custos/core-crypto';
import type { LicenceKind, Role } from '@custos/core-registry';
import { nodeHasher, signerFromPrivateKey } from '@custos/shell-node-crypto';
import { identityOf, type Identity } from '@custos/node-member-service';

// The members of a small network in one country, and the goods of its maker.

export interface Member {
  readonly gln: string;
  readonly key: Signer;
  readonly validatorKey: Signer;
}

/** What genesis says of a member. */
export interface Founder {
  readonly gln: string;
  /** GS1 company prefix. */
  readonly prefix: string;
  readonly name: string;
  readonly role: Role;
  readonly licence?: LicenceKind;
  /** GLNs of its places beside the one that has its own GLN. */
  readonly places?: readonly string[];
}

const signerOf = (seed: number): Signer => signerFromPrivateKey(seed.toString(16).padStart(64, '0'));
export const glnOf = (digits: string): string => digits + checkDigit(digits);

export function membersOf(founders: readonly Founder[]): readonly Member[] {
  return founders.map(({ gln }, i) => ({ gln, key: signerOf(3_000 + i), validatorKey: signerOf(4_000 + i) }));
}

/** A place of the maker beside the one that has its own GLN. */
export const PLANT = glnOf('401234500001');

const FOUNDERS: readonly Founder[] = [
  {
    prefix: '4012345',
    name: 'Alpenrose Pharma',
    role: 'manufacturer',
    licence: 'manufacturing',
    places: [PLANT],
  } as const,
  { prefix: '4023456', name: 'Nordlicht Grosshandel', role: 'distributor', licence: 'wholesale' } as const,
  { prefix: '4034567', name: 'Löwen-Apotheke', role: 'pharmacy', licence: 'dispensing' } as const,
  { prefix: '4045678', name: 'Bundesstelle Arzneimittel', role: 'regulator' } as const,
].map((founder) => ({ ...founder, gln: glnOf(`${founder.prefix}00000`) }));

export const MEMBERS = membersOf(FOUNDERS);
export const [MAKER, TRADER, PHARMACY, AUTHORITY] = MEMBERS as readonly [Member, Member, Member, Member];
export const NOBODY = '9999999999994';

export function genesisDocument(time: number, t0 = 400): Json {
  return genesisIn('DE', 'EU', {}, FOUNDERS, time, t0);
}

/** A network of these founders in one country, under one rule set. */
export function genesisIn(
  country: string,
  ruleSet: string,
  ruleSets: Json,
  founders: readonly Founder[],
  time: number,
  t0 = 400,
): Json {
  const members = membersOf(founders);
  return {
    name: 'partners',
    time,
    parameters: { epochLength: 0, t0 },
    countries: { [country]: ruleSet },
    ruleSets,
    validators: members.map(({ gln, validatorKey }) => ({
      gln,
      key: validatorKey.publicKey,
      endpoints: { lanes: 'memory', http: `http://${gln}.invalid` },
    })),
    parties: founders.map(({ gln, prefix, name, role, licence, places = [] }) => ({
      gln,
      name,
      country,
      roles: [role],
      licences: licence === undefined ? [] : [{ kind: licence, validFrom: 0 }],
      agents: [],
      prefixes: [prefix],
      locations: places.map((place) => ({ gln: place, country })),
    })),
    keys: members.map(({ gln, key }) => ({ party: gln, publicKey: key.publicKey })),
    products: [],
  };
}

/** The service of a member; `tokens` are those of its callers, by what they may do. */
export function identityIn(genesis: Json, { gln, key }: Member): Identity {
  const callers = (['read', 'operate'] as const).map((access) => ({
    name: `${access} of ${gln}`,
    access,
    party: gln,
    hash: toHex(nodeHasher.digest(utf8(tokenOf(gln, access)))),
  }));
  return identityOf({ genesis: canonicalBytes(genesis), party: gln, signer: key, callers });
}

export const tokenOf = (gln: string, access: 'read' | 'operate'): string => `${access}-${gln}`;

export const GTIN = `0401234500001${checkDigit('0401234500001')}`;
export const CASE_GTIN = `1401234500001${checkDigit('1401234500001')}`;
export const LOT = 'L24A';
export const EXPIRY = '2031-06-30';
export const PRODUCT = {
  gtin: GTIN,
  name: 'Alpenrosin 20 mg, 30 tablets',
  markets: ['DE'],
  levels: [{ gtin: CASE_GTIN, name: 'case of 4', packs: 4 }],
};
export const pack = (serial: string): string => `(01)${GTIN}(21)${serial}`;
/** As the pack itself says it. */
export const scan = (serial: string, lot = LOT): string =>
  `${pack(serial)}(17)${EXPIRY.slice(2).replaceAll('-', '')}(10)${lot}`;
export const carton = (serial: string): string => `(01)${CASE_GTIN}(21)${serial}`;
export const pallet = (n: number, prefix = '4012345'): string => {
  const digits = `0${prefix}${String(n).padStart(9, '0')}`;
  return `(00)${digits}${checkDigit(digits)}`;
};
