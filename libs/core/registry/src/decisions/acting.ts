import { canonicalBytes, compareText } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import { MAX_DETAIL_BYTES, MAX_LEAF_BYTES } from '../limits.js';
import type { KeyRecord, Party } from '../entries/party.js';
import type { Accepted, Decision, ReceiptChange, Overlay, StateView } from '@custos/core-state';
import { refuse, type RegistryRefusalCode } from './refusals.js';
import { registry } from '../entries/registry.js';

/** The result of one registry transaction: accepted changes, or a refusal of {@link REGISTRY_REFUSALS}. */
export type RegistryDecision = Decision<RegistryRefusalCode>;

/** The circumstances of a registry transaction: its signers and its block. */
export interface RegistryEnvelope {
  readonly hasher: Hasher;
  readonly height: number;
  /** Block time in milliseconds since 1970, the only clock of the law. */
  readonly timestamp: number;
  /** The keys that signed, at least one, all active at this position of the chain. */
  readonly signers: readonly KeyRecord[];
}

/** Returns the one party to which all signing keys belong. Refuses SIGNERS_DIFFER and PARTY_UNKNOWN. */
export function actingParty(state: StateView, envelope: RegistryEnvelope): Party | RegistryDecision {
  const parties = [...new Set(envelope.signers.map((key) => key.party))].sort(compareText);
  if (parties.length !== 1) return refuse('SIGNERS_DIFFER', { parties });
  return registry(state).party(parties[0]!) ?? refuse('PARTY_UNKNOWN', { gln: parties[0]! });
}

/** Reports whether {@link actingParty} returned a refusal instead of a party. */
export function isDecision(value: Party | RegistryDecision): value is RegistryDecision {
  return 'outcome' in value;
}

/** Accepts the written changes, or refuses TOO_LARGE when an entry is too long for the state (L5.7, L6.4). */
export function acceptWithin(written: Overlay, receiptChanges: readonly ReceiptChange[]): RegistryDecision {
  const changes = written.changes();
  for (const { key, after } of changes) {
    const leaf = after ? canonicalBytes(after.value).length : 0;
    if (leaf > MAX_LEAF_BYTES) return refuse('TOO_LARGE', { key, bytes: leaf, limit: MAX_LEAF_BYTES });
    const detail = after?.private ? canonicalBytes(after.private).length : 0;
    if (detail > MAX_DETAIL_BYTES) return refuse('TOO_LARGE', { key, bytes: detail, limit: MAX_DETAIL_BYTES });
  }
  const accepted: Accepted = { outcome: 'accepted', changes, warnings: [], receiptChanges };
  return accepted;
}
