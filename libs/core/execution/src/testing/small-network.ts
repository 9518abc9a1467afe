import type { Json, JsonObject, Parsed } from '@custos/core-bytes';
import {
  decodeTransaction,
  KIND,
  networkIdOf,
  unsignedTransaction,
  type Genesis,
  type KindName,
  type Receipt,
  type Transaction,
} from '@custos/core-chain';
import {
  keyIdOf,
  referenceHasher as hasher,
  referencePublicKey,
  referenceSign,
  type Digest,
  type Hasher,
} from '@custos/core-crypto';
import { StateTree, type TreeRoot } from '@custos/core-merkle';
import { mapView, type Entry } from '@custos/core-state';
import { entryWrites, execute, genesisEntries, stateWrites } from '../index.js';

// A network in one process: real transactions, signed by the reference signer, executed block by block.

export const MAKER = '4012345000009';
export const TRADER = '4023456000000';
export const PHARMACY = '4034567000001';
export const AUTHORITY = '4045678000002';
const PARTIES = [MAKER, TRADER, PHARMACY, AUTHORITY];

export const START = 1_760_000_000_000;
const YEAR = 31_536_000_000;

const keyBytes = (i: number): Uint8Array => new Uint8Array(32).fill(i);
export const privateKeyOf = (gln: string): Uint8Array => keyBytes(50 + PARTIES.indexOf(gln));
/** A private key of no party. */
export const STRANGER_KEY = keyBytes(99);
export const VALIDATOR_KEYS = PARTIES.map((_, i) => keyBytes(101 + i));
const publicKeyOf = (gln: string) => referencePublicKey(privateKeyOf(gln));
export const keyIdOfParty = (gln: string) => keyIdOf(hasher, publicKeyOf(gln));

function partyJson(time: number, gln: string, name: string, role: string, licence?: string): Json {
  const licences = licence === undefined ? [] : [{ kind: licence, validFrom: 0, validTo: time + YEAR }];
  return { gln, name, country: 'DE', roles: [role], licences, prefixes: [gln.slice(0, 7)] };
}

/** Returns the genesis of four members, each with a validator and a key of its own. */
export function smallGenesis(name: string, time: number): Genesis {
  return {
    name,
    time,
    parameters: { epochLength: 0, t0: 1_000 },
    countries: { DE: 'EU' },
    ruleSets: {},
    validators: PARTIES.map((gln, i) => ({
      gln,
      key: referencePublicKey(VALIDATOR_KEYS[i]!),
      endpoints: { lanes: '127.0.0.1:9092', http: `http://127.0.0.1:${7_001 + i}` },
    })),
    parties: [
      partyJson(time, MAKER, 'Alpenrose Pharma', 'manufacturer', 'manufacturing'),
      partyJson(time, TRADER, 'Nordlicht Grosshandel', 'distributor', 'wholesale'),
      partyJson(time, PHARMACY, 'Löwen-Apotheke', 'pharmacy', 'dispensing'),
      partyJson(time, AUTHORITY, 'Bundesstelle Arzneimittel', 'regulator'),
    ],
    keys: PARTIES.map((party) => ({ party, publicKey: publicKeyOf(party) })),
  };
}

export const GENESIS = smallGenesis('test', START);
export const NETWORK_ID = networkIdOf(hasher, GENESIS);

export function must<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
}

/**
 * The times and the key of a transaction. `at` is the signer's clock in milliseconds; `signature` replaces the right
 * one.
 */
export interface Signing {
  readonly at?: number;
  readonly life?: number;
  readonly key?: Uint8Array;
  readonly signature?: Uint8Array | undefined;
}

/** Returns a transaction decoded from its bytes. */
export function signedBy(
  by: Hasher,
  networkId: Digest,
  kind: KindName,
  gln: string,
  parts: readonly Json[],
  { at = START, life = 600_000, key = privateKeyOf(gln), signature }: Signing = {},
): Transaction {
  const keyIds = [keyIdOf(by, referencePublicKey(key))];
  const draft = { kind: KIND[kind], keyIds, createdAt: at, expiresAt: at + life, parts };
  const unsigned = unsignedTransaction(by, networkId, draft);
  return must(decodeTransaction(by, networkId, unsigned.finish([signature ?? referenceSign(unsigned.message, key)])));
}

/** Returns a transaction of the network of {@link SmallNetwork}. `at` is the signer's clock in milliseconds. */
export function signed(kind: KindName, gln: string, at: number, parts: readonly Json[], life = 600_000): Transaction {
  return signedBy(hasher, NETWORK_ID, kind, gln, parts, { at, life });
}

const SALT = '5a'.repeat(32);

export function captureParts(events: readonly Json[], head: JsonObject = {}): readonly Json[] {
  const context = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { custos: 'urn:custos:epcis:1' }];
  return [{ context, header: {}, onError: 'rollback', salt: SALT, ...head }, ...events];
}

export class SmallNetwork {
  readonly state = new Map<string, Entry>(must(genesisEntries(hasher, GENESIS)));
  private readonly tree = new StateTree(hasher);
  private root: TreeRoot = this.tree.apply(0 as TreeRoot, entryWrites(this.state));
  height = 0;
  /** Block time; every block is a second later. */
  time = START;

  /** Executes one block; throws when it is block-invalid. */
  block(...transactions: readonly Transaction[]): readonly Receipt[] {
    const block = { height: this.height + 1, timestamp: this.time + 1_000, transactions };
    const { changes, receipts } = must(execute(mapView(this.state), block, hasher, NETWORK_ID));
    for (const { key, after } of changes) {
      if (after) this.state.set(key, after);
      else this.state.delete(key);
    }
    this.root = this.tree.apply(this.root, stateWrites(changes));
    this.height = block.height;
    this.time = block.timestamp;
    return receipts;
  }

  stateRoot(): string {
    return this.tree.rootHash(this.root);
  }

  /** Returns the root of the present state, built from its entries alone. It must equal {@link stateRoot}. */
  rootFromNothing(): string {
    const tree = new StateTree(hasher);
    return tree.rootHash(tree.apply(0 as TreeRoot, entryWrites(this.state)));
  }

  sign(kind: KindName, gln: string, parts: readonly Json[]): Transaction {
    return signed(kind, gln, this.time, parts);
  }

  /** Executes one block with one transaction. */
  do(kind: KindName, gln: string, parts: readonly Json[]): readonly Receipt[] {
    return this.block(this.sign(kind, gln, parts));
  }

  capture(gln: string, events: readonly Json[], head: JsonObject = {}): readonly Receipt[] {
    return this.do('capture', gln, captureParts(events, head));
  }
}
