import {
  attempt,
  canonicalBytes,
  closedObjectOf,
  compareText,
  listOf,
  orReject,
  reject,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import {
  keyIdOf,
  parsePublicKey,
  taggedHash,
  type Digest,
  type Hasher,
  type KeyId,
  type PublicKey,
} from '@custos/core-crypto';
import { MAX_ENDPOINT_LENGTH, MAX_VALIDATORS } from './limits.js';
import { faultsOf, quorumOf } from './quorum.js';

/** The key and the endpoints of one validator, as the list of L3.3 holds them. */
export interface ValidatorEntry {
  /** GLN of the party that runs it, 13 digits; the registry checks the check digit. */
  readonly gln: string;
  readonly key: PublicKey;
  readonly endpoints: {
    /** Brokers that carry this validator's lanes. */
    readonly lanes: string;
    /** HTTP address from which its peers pull. */
    readonly http: string;
  };
}

/** The validators of one epoch. Everywhere, the index of a validator is its position in this set (L3.3). */
export interface ValidatorSet {
  /** The entries, ascending by key id. */
  readonly entries: readonly ValidatorEntry[];
  readonly keyIds: readonly KeyId[];
  readonly size: number;
  readonly quorum: number;
  readonly faults: number;
  /** `H('custos/validators/1', list)`, the value of `nextValidatorsHash` in a header (L3.3). */
  readonly hash: Digest;
}

/**
 * Builds a set from entries in any order (L3.3).
 * @throws RangeError for no entry, more than {@link MAX_VALIDATORS}, or one key twice; {@link parseValidatorEntries}
 * refuses those.
 */
export function makeValidatorSet(hasher: Hasher, entries: readonly ValidatorEntry[]): ValidatorSet {
  if (entries.length === 0 || entries.length > MAX_VALIDATORS) throw new RangeError(`${entries.length} validators`);
  const sorted = entries
    .map((entry) => ({ entry, keyId: keyIdOf(hasher, entry.key) }))
    .sort((a, b) => compareText(a.keyId, b.keyId));
  if (sorted.some(({ keyId }, i) => i > 0 && sorted[i - 1]!.keyId === keyId))
    throw new RangeError('a key stands twice');
  const list = sorted.map(({ entry }) => entry);
  return {
    entries: list,
    keyIds: sorted.map(({ keyId }) => keyId),
    size: list.length,
    quorum: quorumOf(list.length),
    faults: faultsOf(list.length),
    hash: taggedHash(hasher, 'custos/validators/1', canonicalBytes(list.map(validatorJson))),
  };
}

/** Returns the JSON form of an entry, which genesis holds and the hash of a set covers (L3.3). */
export function validatorJson(entry: ValidatorEntry): JsonObject {
  const { gln, key, endpoints } = entry;
  return { gln, key, endpoints: { lanes: endpoints.lanes, http: endpoints.http } };
}

/**
 * Parses a list of 1 to {@link MAX_VALIDATORS} entries in any order. `field` is the JSON pointer of the list. Refuses
 * VALIDATORS_INVALID, VALIDATOR_REPEATED when a key occurs twice, GLN_INVALID, KEY_INVALID and ENDPOINT_INVALID. Does
 * not verify the check digit of the GLN.
 */
export function parseValidatorEntries(json: Json | undefined, field: string): Parsed<readonly ValidatorEntry[]> {
  return attempt(() => {
    const list = listOf(json, field, MAX_VALIDATORS);
    if (list.length === 0) reject('VALIDATORS_INVALID', field, `send 1 to ${MAX_VALIDATORS} validators`);
    const seen = new Set<string>();
    return list.map((item, i) => {
      const entry = parseEntry(item, `${field}/${i}`);
      if (seen.has(entry.key)) reject('VALIDATOR_REPEATED', `${field}/${i}/key`, 'give each validator its own key');
      seen.add(entry.key);
      return entry;
    });
  });
}

function parseEntry(json: Json, field: string): ValidatorEntry {
  // The hash covers the list as it was sent, so an unknown member could not be reproduced.
  const { gln, key, endpoints } = closedObjectOf(json, field, ['gln', 'key', 'endpoints']);
  const { lanes, http } = closedObjectOf(endpoints, `${field}/endpoints`, ['lanes', 'http']);
  if (typeof gln !== 'string' || !isGlnShaped(gln)) return reject('GLN_INVALID', `${field}/gln`, 'send 13 digits');
  if (typeof key !== 'string') return reject('KEY_INVALID', `${field}/key`, 'send a compressed P-256 point in hex');
  return {
    gln,
    key: orReject(parsePublicKey(key, `${field}/key`)),
    endpoints: { lanes: endpoint(lanes, `${field}/endpoints/lanes`), http: endpoint(http, `${field}/endpoints/http`) },
  };
}

function isGlnShaped(text: string): boolean {
  return text.length === 13 && [...text].every((digit) => digit >= '0' && digit <= '9');
}

function endpoint(value: Json | undefined, field: string): string {
  if (typeof value === 'string' && value.length <= MAX_ENDPOINT_LENGTH) return value;
  return reject('ENDPOINT_INVALID', field, `send text of at most ${MAX_ENDPOINT_LENGTH} characters`);
}
