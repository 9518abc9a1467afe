import type { Json } from '@custos/core-bytes';
import { genesisOf, KIND, unsignedTransaction, type Genesis } from '@custos/core-chain';
import type { Digest, Signer } from '@custos/core-crypto';
import { checkDigit } from '@custos/core-gs1';
import { simulatedSigner } from './twins/sim-crypto.js';

export const NETWORK = 'simulation';
export const GENESIS_TIME = 1_700_000_000_000;

const ROLES = ['manufacturer', 'distributor', 'pharmacy', 'regulator'];

/** A member of the network: an organisation with a validator. */
export interface Member {
  readonly gln: string;
  readonly prefix: string;
  readonly validator: Signer;
  readonly party: Signer;
}

export function membersOf(count: number): readonly Member[] {
  return Array.from({ length: count }, (_, i) => {
    const prefix = String(4_000_011 + 11_111 * i);
    const digits = `${prefix}00000`;
    return {
      gln: digits + checkDigit(digits),
      prefix,
      validator: simulatedSigner(1_001 + i),
      party: simulatedSigner(2_001 + i),
    };
  });
}

export function genesisFor(members: readonly Member[], t0: number): Genesis {
  const document: Json = {
    name: NETWORK,
    time: GENESIS_TIME,
    parameters: { epochLength: 0, t0 },
    countries: { DE: 'EU' },
    ruleSets: {},
    validators: members.map(({ gln, validator }) => ({
      gln,
      key: validator.publicKey,
      endpoints: { lanes: 'simulated', http: `http://${gln}.invalid` },
    })),
    parties: members.map(({ gln, prefix }, i) => ({
      gln,
      name: `Member ${i}`,
      country: 'DE',
      roles: [ROLES[i % ROLES.length]!],
      licences: i === 0 ? [{ kind: 'manufacturing', validFrom: 0 }] : [],
      agents: [],
      prefixes: [prefix],
      locations: [],
    })),
    keys: members.map(({ gln, party }) => ({ party: gln, publicKey: party.publicKey })),
    products: [],
  };
  const genesis = genesisOf(document);
  if (genesis.ok) return genesis.value;
  throw new Error(`genesis: ${genesis.malformed.code} ${genesis.malformed.field}`);
}

export interface Submitted {
  readonly id: Digest;
  readonly lane: string;
  readonly bytes: Uint8Array;
}

/** Registers a product of its own: accepted for the manufacturer, refused with a receipt for the others. */
export async function productTransaction(
  { prefix, party, gln }: Member,
  serial: number,
  now: number,
  networkId: Digest,
  hasher: Parameters<typeof unsignedTransaction>[0],
): Promise<Submitted> {
  const digits = `0${prefix}${String(serial).padStart(5, '0')}`;
  const payload = {
    op: 'register',
    gtin: digits + checkDigit(digits),
    name: `Product ${serial}`,
    levels: [],
    markets: ['DE'],
    cmos: [],
    nationalNumbers: [],
  };
  const createdAt = Math.floor(now);
  const draft = { kind: KIND.product, keyIds: [party.keyId], createdAt, expiresAt: createdAt + 3_600_000 };
  const unsigned = unsignedTransaction(hasher, networkId, { ...draft, parts: [payload] });
  const bytes = unsigned.finish([await party.sign(unsigned.message)]);
  return { id: unsigned.id, lane: `${NETWORK}.tx.${gln}`, bytes };
}
