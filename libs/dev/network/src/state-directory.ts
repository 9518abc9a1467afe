import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex, utf8 } from '@custos/core-bytes';
import type { PublicKey } from '@custos/core-crypto';
import {
  generatePrivateKey,
  loadKeyFile,
  nodeHasher,
  saveKeyFile,
  signerFromPrivateKey,
} from '@custos/shell-node-crypto';
import { demoTopology, portBaseOf, type Member, type MemberName, type Topology } from './topology.js';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** A caller of a service: the token itself stays with its holder, services keep its hash. */
export interface Token {
  readonly name: string;
  readonly token: string;
  readonly access: 'operate' | 'read';
  /** GLN of the organisation that asks. */
  readonly party: string;
}

export interface MemberKeys {
  /** Signs transactions. */
  readonly party: PublicKey;
  /** Signs votes and proposals. */
  readonly validator: PublicKey;
}

/** The place where the network of a folder was last started. */
interface SavedPlace {
  readonly network: string;
  readonly portBase: number;
}

const PLACE_FILE = 'network.json';

/** Everything a network on this machine keeps: keys, tokens, genesis, and each process's own folder. */
export interface StateDirectory {
  readonly path: string;
  readonly genesisFile: string;
  /** The tokens themselves; services have their hashes. */
  readonly accessFile: string;
  readonly keys: ReadonlyMap<MemberName, MemberKeys>;
  readonly tokens: Readonly<Record<MemberName, Token>>;
  partyKeyFile(name: MemberName): string;
  validatorKeyFile(name: MemberName): string;
  tokensFile(service: string): string;
  folder(process: string): string;
}

/**
 * Opens the folder, makes what is missing and keeps what is there: a second start finds its data again.
 * Keys and tokens are readable by their owner only.
 */
export async function openStateDirectory(path: string, topology: Topology): Promise<StateDirectory> {
  // The folder itself is open: Postgres, which never runs as root, keeps its tables below it.
  mkdirSync(path, { recursive: true });
  for (const part of ['keys', 'tokens', 'logs'])
    mkdirSync(join(path, part), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const partyKeyFile = (name: MemberName) => join(path, 'keys', `${name}.party.key`);
  const validatorKeyFile = (name: MemberName) => join(path, 'keys', `${name}.validator.key`);
  const place: SavedPlace = { network: topology.network, portBase: portBaseOf(topology) };
  writeFileSync(join(path, PLACE_FILE), JSON.stringify(place, null, 2) + '\n');
  const keys = new Map<MemberName, MemberKeys>();
  for (const { name } of topology.members) {
    keys.set(name, { party: await keyAt(partyKeyFile(name)), validator: await keyAt(validatorKeyFile(name)) });
  }
  const accessFile = accessFileIn(path);
  const tokens = openTokens(path, topology.members);
  const tokensFile = (service: string) => join(path, 'tokens', `${service}.json`);
  for (const { name } of topology.members) saveHashes(tokensFile(name), [tokens[name]]);
  saveHashes(tokensFile('trace'), Object.values(tokens));
  return {
    path,
    genesisFile: join(path, 'genesis.json'),
    accessFile,
    keys,
    tokens,
    partyKeyFile,
    validatorKeyFile,
    tokensFile,
    folder(process) {
      const folder = join(path, process);
      mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
      return folder;
    },
  };
}

/**
 * Returns the network that was last started with this folder, with its ports; undefined where none was, or where the
 * file that says so cannot be read.
 */
export function savedTopology(path: string): Topology | undefined {
  try {
    const { network, portBase } = JSON.parse(readFileSync(join(path, PLACE_FILE), 'utf8')) as Partial<SavedPlace>;
    if (typeof network !== 'string' || !Number.isInteger(portBase)) return undefined;
    return demoTopology(portBase, network);
  } catch {
    return undefined;
  }
}

/** Returns the tokens of the network that was last started with this folder; undefined where none was. */
export function savedTokens(path: string): Readonly<Record<MemberName, Token>> | undefined {
  const file = accessFileIn(path);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<MemberName, Token>) : undefined;
}

const accessFileIn = (path: string): string => join(path, 'tokens', 'demo.json');

/** Forgets everything: keys, tokens, chain and read models. */
export function resetStateDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

async function keyAt(file: string): Promise<PublicKey> {
  if (!existsSync(file)) await saveKeyFile(file, generatePrivateKey());
  return signerFromPrivateKey(await loadKeyFile(file)).publicKey;
}

function openTokens(path: string, members: readonly Member[]): Readonly<Record<MemberName, Token>> {
  const saved = savedTokens(path);
  if (saved !== undefined) return saved;
  const tokens = Object.fromEntries(
    members.map(({ name, gln, trades }): [string, Token] => [
      name,
      { name, token: randomBytes(24).toString('base64url'), access: trades ? 'operate' : 'read', party: gln },
    ]),
  );
  savePrivate(accessFileIn(path), tokens);
  return tokens as Record<MemberName, Token>;
}

function saveHashes(file: string, tokens: readonly Token[]): void {
  savePrivate(
    file,
    tokens.map(({ name, token, access, party }) => ({
      name,
      access,
      party,
      hash: toHex(nodeHasher.digest(utf8(token))),
    })),
  );
}

export function savePrivate(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, null, 2) + '\n', { mode: OWNER_ONLY_FILE });
}
