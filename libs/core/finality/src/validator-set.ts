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

export interface ValidatorEntry {
  /** GLN of the party that runs it, 13 digits; the registry checks the check digit. */
  readonly gln: string;
  readonly key: PublicKey;
  readonly endpoints: {
    /** Brokers that carry this validator's lanes. */
    readonly lanes: string;
    /** Where its peers pull from. */
    readonly http: string;
  };
}

/** The voters of one epoch. A validator's index everywhere is its position here (L3.3). */
export interface ValidatorSet {
  /** Ascending by key id. */
  readonly entries: readonly ValidatorEntry[];
  readonly keyIds: readonly KeyId[];
  readonly size: number;
  readonly quorum: number;
  readonly faults: number;
  /** `H('custos/validators/1', list)`: what nextValidatorsHash of a header states. */
  readonly hash: Digest;
}

/** @throws RangeError for no entry, too many, or one key twice: {@link parseValidatorEntries} refuses those. */
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

/** The JSON form that the hash covers and that genesis holds (L3.3). */
export function validatorJson(entry: ValidatorEntry): JsonObject {
  const { gln, key, endpoints } = entry;
  return { gln, key, endpoints: { lanes: endpoints.lanes, http: endpoints.http } };
}

/** Total. Order is free; one to {@link MAX_VALIDATORS} entries, no key twice. `field` is where the list stands. */
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
  // The hash covers the list as it stands: a member that we do not know could not be reproduced.
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
