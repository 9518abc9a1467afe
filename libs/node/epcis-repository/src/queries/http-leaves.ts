import { parseJson, type Parsed } from '@custos/core-bytes';
import { parseAnswer, type AnswerBundle } from '@custos/core-chain';
import type { Digest, Signer } from '@custos/core-crypto';
import { peerHeaders } from '@custos/formats-peers';

/** Leaves under the root of the newest final block, with their proofs. Throws when the validator is away. */
export type AskLeaves = (keys: readonly string[]) => Promise<Parsed<AnswerBundle>>;

/** A validator that has not answered after this time is away. */
const ANSWER_LIMIT_MS = 5_000;

export interface Member {
  readonly validator: string;
  readonly networkId: Digest;
  readonly signer: Signer;
  readonly now: () => number;
}

export function httpLeaves({ validator, networkId, signer, now }: Member): AskLeaves {
  return async (keys) => {
    const path = `/leaves?proof=true${keys.map((key) => `&key=${encodeURIComponent(key)}`).join('')}`;
    const headers = await peerHeaders(signer, networkId, { method: 'GET', path, at: now() });
    const response = await fetch(validator + path, { headers, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    if (!response.ok) throw new Error(`${validator}/leaves: HTTP ${response.status}`);
    const json = parseJson(new Uint8Array(await response.arrayBuffer()));
    return json.ok ? parseAnswer(json.value) : json;
  };
}
