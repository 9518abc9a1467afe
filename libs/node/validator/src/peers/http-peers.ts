import type { Digest, Signer } from '@custos/core-crypto';
import { ANSWER_TIMEOUT_MS, memberClient, type MemberClient } from '@custos/shell-member-client';
import type { Clock } from '@custos/shell-process';
import type { Peers } from '../ports.js';

/** The identity of the validator that asks, and the addresses of the others. */
export interface HttpPeersOptions {
  readonly networkId: Digest;
  readonly signer: Signer;
  readonly clock: Clock;
  /** Base URL of a validator's HTTP, from its entry on chain; undefined when there is no such validator. */
  readonly endpointOf: (validator: string) => string | undefined;
}

/** Pulls over HTTP, each request signed with this validator's key. Rejects when the peer does not answer well. */
export function httpPeers({ networkId, signer, clock, endpointOf }: HttpPeersOptions): Peers {
  const identity = { networkId, signer, now: () => clock.now() };
  async function clientOf(validator: string): Promise<MemberClient> {
    const endpoint = endpointOf(validator);
    if (endpoint === undefined) throw new Error(`${validator} has no address on chain`);
    return memberClient(endpoint, identity, ANSWER_TIMEOUT_MS);
  }
  return {
    runs: async (validator, fromHeight) => (await clientOf(validator)).runs(fromHeight),
    block: async (validator, hash) => (await clientOf(validator)).block(hash),
    certificates: async (validator, epoch, fromView) => (await clientOf(validator)).certificates(epoch, fromView),
  };
}
