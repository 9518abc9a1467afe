import { unreachable } from '@custos/core-bytes';
import { acceptWithin, actingParty, isDecision, type RegistryDecision, type RegistryEnvelope } from './acting.js';
import { keyEntry } from '../entries/entries.js';
import type { KeyPayload } from '../payloads/key-payload.js';
import { refuse } from './refusals.js';
import { registry } from '../entries/registry.js';
import { overlay, type StateView } from '@custos/core-state';
import { keyKey } from '../entries/state-keys.js';

/**
 * Decides one transaction of kind `key` (L2.6). A party may revoke any of its own keys, also the signing one. The key
 * is invalid from the next transaction of the block on (L2.7). Refuses NOT_YET to enrol or rotate, because that needs a
 * check of the new key's own signature (tag custos/key-proof/1), which execution does not make.
 */
export function decideKey(state: StateView, envelope: RegistryEnvelope, payload: KeyPayload): RegistryDecision {
  const signer = actingParty(state, envelope);
  if (isDecision(signer)) return signer;
  switch (payload.op) {
    case 'revoke': {
      const { keyId, suspectSince } = payload;
      const key = registry(state).keyRecord(keyId);
      if (!key || key.party !== signer.gln) return refuse('KEY_UNKNOWN', { keyId });
      if (key.revoked !== undefined) return refuse('KEY_REVOKED', { keyId, revoked: key.revoked });
      const revoked = envelope.height;
      const written = overlay(state);
      written.set(keyKey(keyId), keyEntry({ ...key, revoked, suspectSince }));
      return acceptWithin(written, [{ keys: [keyKey(keyId)], set: { party: key.party, revoked, suspectSince } }]);
    }
    case 'enrol':
    case 'rotate':
      return refuse('NOT_YET', { rule: 'L2.6', what: `key ${payload.op}` });
    default:
      return unreachable(payload);
  }
}
