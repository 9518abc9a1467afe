import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { Genesis } from '@custos/core-chain';
import type { Hasher } from '@custos/core-crypto';
import { makeValidatorSet, validatorJson } from '@custos/core-finality';
import { NETWORK_RULE_KEY, partyKey, registryGenesis, VALIDATORS_KEY } from '@custos/core-registry';
import { type Entry } from '@custos/core-state';

/**
 * Returns the entries of the state of block 0 (L3.4), whose root block 0 states. Refuses the faults that the registry
 * refuses, and PARTY_UNKNOWN for a validator of an unknown party. Fields are JSON pointers into the document.
 */
export function genesisEntries(hasher: Hasher, genesis: Genesis): Parsed<ReadonlyMap<string, Entry>> {
  const { time, parties, keys, products = [], countries, ruleSets, validators, parameters } = genesis;
  const known = registryGenesis(hasher, { time, parties, keys, products, countries, ruleSets });
  if (!known.ok) return known;
  const stranger = validators.findIndex(({ gln }) => !known.value.has(partyKey(gln)));
  if (stranger >= 0) {
    const { gln } = validators[stranger]!;
    return malformed('PARTY_UNKNOWN', `/validators/${stranger}/gln`, `list ${gln} among the parties`);
  }
  const current = makeValidatorSet(hasher, validators).entries.map(validatorJson);
  return parsed(
    new Map(known.value)
      .set(VALIDATORS_KEY, { value: { epoch: 0, current, previous: [] } })
      .set(NETWORK_RULE_KEY, { value: { ...parameters } }),
  );
}
