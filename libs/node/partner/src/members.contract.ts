import type { Json } from '@custos/core-bytes';
import { checkDigit } from '@custos/core-gs1';
import { toHex, utf8 } from '@custos/core-bytes';
import type { Signer } from '@custos/core-crypto';
import { nodeHasher, signerFromPrivateKey } from '@custos/shell-node-crypto';
import { identityOf, type Identity } from './identity.js';

// The members of a small network in one country, and the goods of its maker.

export interface Member {
  readonly gln: string;
  readonly key: Signer;
  readonly validatorKey: Signer;
}

const FOUNDERS = [
  ['4012345', 'Alpenrose Pharma', 'manufacturer', 'manufacturing'],
  ['4023456', 'Nordlicht Grosshandel', 'distributor', 'wholesale'],
  ['4034567', 'Löwen-Apotheke', 'pharmacy', 'dispensing'],
  ['4045678', 'Bundesstelle Arzneimittel', 'regulator', undefined],
] as const;

const signerOf = (seed: number): Signer => signerFromPrivateKey(seed.toString(16).padStart(64, '0'));
const glnOf = (digits: string): string => digits + checkDigit(digits);

export const MEMBERS: readonly Member[] = FOUNDERS.map(([prefix], i) => ({
  gln: glnOf(`${prefix}00000`),
  key: signerOf(3_000 + i),
  validatorKey: signerOf(4_000 + i),
}));
export const [MAKER, TRADER, PHARMACY, AUTHORITY] = MEMBERS as readonly [Member, Member, Member, Member];
/** A place of the maker beside the one that has its own GLN. */
export const PLANT = glnOf('401234500001');
export const NOBODY = '9999999999994';

export function genesisDocument(time: number, t0 = 400): Json {
  return {
    name: 'partners',
    time,
    parameters: { epochLength: 0, t0 },
    countries: { DE: 'EU' },
    ruleSets: {},
    validators: MEMBERS.map(({ gln, validatorKey }) => ({
      gln,
      key: validatorKey.publicKey,
      endpoints: { lanes: 'memory', http: `http://${gln}.invalid` },
    })),
    parties: FOUNDERS.map(([prefix, name, role, licence], i) => ({
      gln: MEMBERS[i]!.gln,
      name,
      country: 'DE',
      roles: [role],
      licences: licence === undefined ? [] : [{ kind: licence, validFrom: 0 }],
      agents: [],
      prefixes: [prefix],
      locations: i === 0 ? [{ gln: PLANT, country: 'DE' }] : [],
    })),
    keys: MEMBERS.map(({ gln, key }) => ({ party: gln, publicKey: key.publicKey })),
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
  return identityOf({ genesis, party: gln, signer: key, callers });
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
