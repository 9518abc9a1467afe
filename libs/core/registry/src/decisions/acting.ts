import { canonicalBytes, compareText } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import { MAX_DETAIL_BYTES, MAX_LEAF_BYTES } from '../limits.js';
import type { KeyRecord, Party } from '../entries/party.js';
import type { Accepted, Decision, ReceiptChange, Overlay, StateView } from '@custos/core-state';
import { refuse, type RegistryRefusalCode } from './refusals.js';
import { registry } from '../entries/registry.js';

export type RegistryDecision = Decision<RegistryRefusalCode>;

/** The circumstances of a registry transaction: who signed, and the block it stands in. */
export interface RegistryEnvelope {
  readonly hasher: Hasher;
  readonly height: number;
  /** Block time in milliseconds: the only clock of the law. */
  readonly timestamp: number;
  /** The keys that signed, active at this point of the chain; at least one. */
  readonly signers: readonly KeyRecord[];
}

/** The one party behind all signatures, or the refusal. */
export function actingParty(state: StateView, envelope: RegistryEnvelope): Party | RegistryDecision {
  const parties = [...new Set(envelope.signers.map((key) => key.party))].sort(compareText);
  if (parties.length !== 1) return refuse('SIGNERS_DIFFER', { parties });
  return registry(state).party(parties[0]!) ?? refuse('PARTY_UNKNOWN', { gln: parties[0]! });
}

export function isDecision(value: Party | RegistryDecision): value is RegistryDecision {
  return 'outcome' in value;
}

/** Accepts what was written, unless it is too long for the state (L5.7, L6.4). */
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
