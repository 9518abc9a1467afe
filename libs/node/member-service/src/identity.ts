import { readFileSync } from 'node:fs';
import { parseJson, type Json } from '@custos/core-bytes';
import { parseGenesis } from '@custos/core-chain';
import type { Signer } from '@custos/core-crypto';
import { registry, type Party } from '@custos/core-registry';
import { mapView } from '@custos/core-state';
import { callers, parseInput, type Caller } from '@custos/formats-api';
import { pinNetwork, type PinnedNetwork } from '@custos/node-follower';
import { fileSigner, nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { ConfigError } from '@custos/shell-process';
import type { MemberSettings } from './settings.js';

/** The network of a partner service, on whose behalf it signs, and who may call it. */
export interface Identity {
  readonly network: PinnedNetwork;
  readonly party: Party;
  readonly signer: Signer;
  readonly callers: readonly Caller[];
}

/** Reads the files that the settings name. @throws ConfigError naming the setting that is wrong. */
export async function readIdentity(
  settings: Pick<MemberSettings, 'genesisFile' | 'party' | 'keyFile' | 'tokensFile'>,
): Promise<Identity> {
  return identityOf({
    genesis: readBytes('CUSTOS_GENESIS', settings.genesisFile),
    party: settings.party,
    signer: await fileSigner(settings.keyFile),
    callers: readJson('CUSTOS_TOKENS', settings.tokensFile),
  });
}

/** Reads the genesis document. @throws ConfigError when it is wrong. */
export function readNetwork({ genesisFile }: Pick<MemberSettings, 'genesisFile'>): PinnedNetwork {
  return networkOf(readBytes('CUSTOS_GENESIS', genesisFile));
}

/**
 * Reads the file of callers; with `own`, all of them are of that party.
 * @throws ConfigError naming the caller that is wrong.
 */
export function readCallers({ tokensFile }: Pick<MemberSettings, 'tokensFile'>, own?: string): readonly Caller[] {
  const known = callersOf(readJson('CUSTOS_TOKENS', tokensFile));
  return own === undefined ? known : ownCallers(known, own);
}

/** Returns what the documents say. @throws ConfigError naming the setting that is wrong. */
export function identityOf(parts: {
  /** The genesis document, JSON. */
  readonly genesis: Uint8Array;
  /** GLN of the organisation. */
  readonly party: string;
  readonly signer: Signer;
  readonly callers: Json;
}): Identity {
  const network = networkOf(parts.genesis);
  const party = registry(mapView(network.genesis.entries)).party(parts.party);
  if (!party) throw new ConfigError(`CUSTOS_PARTY: ${parts.party} is no party of genesis`);
  return { network, party, signer: parts.signer, callers: ownCallers(callersOf(parts.callers), party.gln) };
}

function networkOf(document: Uint8Array): PinnedNetwork {
  const genesis = parseGenesis(document);
  const pinned = genesis.ok ? pinNetwork(genesis.value, nodeHasher, nodeVerify) : genesis;
  if (pinned.ok) return pinned.value;
  throw new ConfigError(`CUSTOS_GENESIS: ${pinned.malformed.field}: ${pinned.malformed.fix}`);
}

function callersOf(document: Json): readonly Caller[] {
  const known = parseInput(callers, document);
  if (known.ok) return known.value;
  throw new ConfigError(`CUSTOS_TOKENS: ${known.malformed.field}: ${known.malformed.fix}`);
}

/** Whoever calls acts for this organisation: its key signs, its stock is shown. */
function ownCallers(known: readonly Caller[], party: string): readonly Caller[] {
  const stranger = known.find((caller) => caller.party !== party);
  if (stranger) throw new ConfigError(`CUSTOS_TOKENS: ${stranger.name} is of ${stranger.party}, not of ${party}`);
  return known;
}

function readBytes(setting: string, file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError(`${setting}: ${file} cannot be read (${(error as Error).message})`);
  }
}

function readJson(setting: string, file: string): Json {
  const json = parseJson(readBytes(setting, file));
  if (json.ok) return json.value;
  throw new ConfigError(`${setting}: ${file}: ${json.malformed.field}: ${json.malformed.fix}`);
}
