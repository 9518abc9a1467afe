import type { Digest, Signer } from '@custos/core-crypto';
import { decodeFrames, peerHeaders } from '@custos/formats-peers';
import type { Clock, Peers } from '../ports.js';

/** A peer that needs longer is as good as away: another one is asked. */
const ANSWER_TIMEOUT_MS = 5_000;

/** The longest run of K16, 16 full blocks with their receipts and the record, and some. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface HttpPeersOptions {
  readonly networkId: Digest;
  readonly signer: Signer;
  readonly clock: Clock;
  /** Base URL of a validator's HTTP, from its entry on chain; undefined when there is no such validator. */
  readonly endpointOf: (validator: string) => string | undefined;
}

/** Pulls over HTTP, each request signed with this validator's key. Rejects when the peer does not answer well. */
export function httpPeers(options: HttpPeersOptions): Peers {
  const get = (validator: string, path: string): Promise<Uint8Array | undefined> => ask(options, validator, path);
  const frames = async (validator: string, path: string): Promise<readonly Uint8Array[]> => {
    const messages = decodeFrames((await get(validator, path)) ?? new Uint8Array(0));
    if (!messages.ok) throw new Error(`${validator} sent ${messages.malformed.code} for ${path}`);
    return messages.value;
  };
  return {
    runs: (validator, fromHeight) => frames(validator, `/runs?from=${fromHeight}`),
    block: (validator, hash) => get(validator, `/blocks/${hash}`),
    certificates: (validator, epoch, fromView) => frames(validator, `/certificates?epoch=${epoch}&from=${fromView}`),
  };
}

async function ask(options: HttpPeersOptions, validator: string, path: string): Promise<Uint8Array | undefined> {
  const { networkId, signer, clock, endpointOf } = options;
  const endpoint = endpointOf(validator);
  if (endpoint === undefined) throw new Error(`${validator} has no address on chain`);
  const url = new URL(path, endpoint);
  const request = { method: 'GET', path: url.pathname + url.search, at: clock.now() };
  const headers = await peerHeaders(signer, networkId, request);
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${validator} answered ${response.status} to ${path}`);
  return readBounded(response);
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`an answer above ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
