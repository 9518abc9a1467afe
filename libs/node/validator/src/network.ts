import { networkIdOf, type Genesis } from '@custos/core-chain';
import type { Digest, Hasher, KeyId } from '@custos/core-crypto';
import { leaderOrder, makeValidatorSet, type ValidatorEntry, type ValidatorSet } from '@custos/core-finality';
import { isJsonObject } from '@custos/core-bytes';
import { laneName, type LaneSpec } from '@custos/shell-lanes';

const HOUR_MS = 3_600_000;

/** The network as its genesis fixes it, and this validator's place in it. */
export interface Network {
  readonly genesis: Genesis;
  readonly name: string;
  readonly networkId: Digest;
  readonly set: ValidatorSet;
  /** Index of this validator; undefined when its key is not one of the set: it follows and never votes. */
  readonly self: number | undefined;
  /** GLN that owns this validator's lanes. */
  readonly gln: string;
  /** GLNs of the organisations with tx lanes, ascending. */
  readonly organisations: readonly string[];
}

/** @throws RangeError for a key that no validator of the genesis has. */
export function networkOf(hasher: Hasher, genesis: Genesis, keyId: KeyId): Network {
  const set = makeValidatorSet(hasher, genesis.validators);
  const self = set.keyIds.indexOf(keyId);
  if (self < 0) throw new RangeError(`no validator of ${genesis.name} has the key ${keyId}`);
  return {
    genesis,
    name: genesis.name,
    networkId: networkIdOf(hasher, genesis),
    set,
    self,
    gln: set.entries[self]!.gln,
    organisations: partiesWithKeys(genesis),
  };
}

/** K1: epoch 0 takes its order from block 0. */
export function leadersOf(hasher: Hasher, network: Network, genesisHash: Digest): readonly number[] {
  return leaderOrder(hasher, genesisHash, network.set);
}

function partiesWithKeys(genesis: Genesis): readonly string[] {
  const parties = new Set(genesis.validators.map(({ gln }) => gln));
  for (const key of genesis.keys) if (isJsonObject(key) && typeof key.party === 'string') parties.add(key.party);
  return [...parties].sort();
}

/** Returns the entry of a validator in the set; undefined when it is not in it. */
export function entryOf(network: Network, gln: string): ValidatorEntry | undefined {
  return network.set.entries.find((entry) => entry.gln === gln);
}

/** The lanes that this validator alone writes, and the tx lane of its organisation. */
export interface OwnLanes {
  readonly votes: string;
  readonly proposals: string;
  readonly final: string;
  readonly tx: string;
}

/** Returns the names of the lanes that this validator writes. */
export function ownLanes({ name, gln }: Network): OwnLanes {
  return {
    votes: laneName(name, 'votes', gln),
    proposals: laneName(name, 'proposals', gln),
    final: laneName(name, 'final', gln),
    tx: laneName(name, 'tx', gln),
  };
}

/** Retention as in the table of lanes: votes matter for hours, transactions for days, final blocks for ever. */
export function laneSpecs(lanes: OwnLanes): readonly LaneSpec[] {
  return [
    { lane: lanes.votes, retentionMs: 48 * HOUR_MS },
    { lane: lanes.proposals, retentionMs: 48 * HOUR_MS },
    { lane: lanes.tx, retentionMs: 7 * 24 * HOUR_MS },
    { lane: lanes.final, retentionMs: -1 },
  ];
}
