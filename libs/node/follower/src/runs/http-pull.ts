import type { Digest, Signer } from '@custos/core-crypto';
import { decodeFrames, peerHeaders } from '@custos/formats-peers';

/** A validator that has not answered after this time is away. */
const ANSWER_LIMIT_MS = 10_000;

/** Asks one validator for its final lane from a height on, as the member whose key signs. Throws when it is away. */
export function httpPull(
  validator: string,
  networkId: Digest,
  signer: Signer,
  now: () => number,
): (fromHeight: number) => Promise<readonly Uint8Array[]> {
  return async (fromHeight) => {
    const path = `/runs?from=${fromHeight}`;
    const headers = await peerHeaders(signer, networkId, { method: 'GET', path, at: now() });
    const response = await fetch(validator + path, { headers, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    if (!response.ok) throw new Error(`${validator}${path}: HTTP ${response.status}`);
    const frames = decodeFrames(new Uint8Array(await response.arrayBuffer()));
    if (frames.ok) return frames.value;
    throw new Error(`${validator}${path}: ${frames.malformed.field}: ${frames.malformed.fix}`);
  };
}
