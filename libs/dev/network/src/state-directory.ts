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
import { foundationOf, topologyOf, type Foundation, type Member, type Topology } from './topology.js';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** A caller of a service: the token itself stays with its holder, services keep its hash. */
interface Token {
  readonly name: string;
  readonly token: string;
  readonly access: 'operate' | 'read';
  /** GLN of the organisation that asks. */
  readonly party: string;
}

interface MemberKeys {
  /** Signs transactions. */
  readonly party: PublicKey;
  /** Signs votes and proposals. */
  readonly validator: PublicKey;
}

/** The tokens of the members of a network. */
export interface Tokens {
  readonly all: readonly Token[];
  /** Returns the token of a member. @throws Error when it has none. */
  of(name: string): Token;
}

/** Says how the network of a folder was last started. */
const FOUNDATION_FILE = 'network.json';

/** Everything a network on this machine keeps: keys, tokens, genesis, and each process's own folder. */
export interface StateDirectory {
  readonly path: string;
  readonly genesisFile: string;
  /** The tokens themselves; services have their hashes. */
  readonly accessFile: string;
  readonly keys: ReadonlyMap<string, MemberKeys>;
  readonly tokens: Tokens;
  partyKeyFile(name: string): string;
  validatorKeyFile(name: string): string;
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
  const partyKeyFile = (name: string) => join(path, 'keys', `${name}.party.key`);
  const validatorKeyFile = (name: string) => join(path, 'keys', `${name}.validator.key`);
  writeFileSync(join(path, FOUNDATION_FILE), JSON.stringify(foundationOf(topology), null, 2) + '\n');
  const keys = new Map<string, MemberKeys>();
  for (const { name } of topology.members) {
    keys.set(name, { party: await keyAt(partyKeyFile(name)), validator: await keyAt(validatorKeyFile(name)) });
  }
  const accessFile = accessFileIn(path);
  const tokens = openTokens(path, topology.members);
  const tokensFile = (service: string) => join(path, 'tokens', `${service}.json`);
  for (const { name } of topology.members) saveHashes(tokensFile(name), [tokens.of(name)]);
  saveHashes(tokensFile('trace'), tokens.all);
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
    const saved = JSON.parse(readFileSync(join(path, FOUNDATION_FILE), 'utf8')) as Partial<Foundation>;
    if (typeof saved.network !== 'string' || !Number.isInteger(saved.portBase)) return undefined;
    return topologyOf(saved as Foundation);
  } catch {
    return undefined;
  }
}

/** Returns the tokens of the network that was last started with this folder; undefined where none was. */
export function savedTokens(path: string): Tokens | undefined {
  const file = accessFileIn(path);
  return existsSync(file) ? parseTokens(readFileSync(file, 'utf8')) : undefined;
}

/** Reads tokens as they are kept: an object, by the names of the members. */
export function parseTokens(json: string): Tokens {
  return tokensOf(Object.values(JSON.parse(json) as Record<string, Token>));
}

function tokensOf(all: readonly Token[]): Tokens {
  return {
    all,
    of(name) {
      const token = all.find((each) => each.name === name);
      if (!token) throw new Error(`${name} has no token`);
      return token;
    },
  };
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

/** Finds the tokens that are there, and makes those that are missing. */
function openTokens(path: string, members: readonly Member[]): Tokens {
  const saved = savedTokens(path)?.all ?? [];
  const missing = members.filter(({ name }) => !saved.some((token) => token.name === name));
  if (missing.length === 0) return tokensOf(saved);
  const all = [...saved, ...missing.map(newToken)];
  savePrivate(accessFileIn(path), Object.fromEntries(all.map((token) => [token.name, token])));
  return tokensOf(all);
}

function newToken({ name, gln, app }: Member): Token {
  const access = app === undefined ? 'read' : 'operate';
  return { name, token: randomBytes(24).toString('base64url'), access, party: gln };
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
