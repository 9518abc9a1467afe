import { parseJson, type Parsed } from '@custos/core-bytes';
import { parseAnswer, type AnswerBundle } from '@custos/core-chain';
import type { Digest, Signer } from '@custos/core-crypto';
import { decodeFrames, peerHeaders } from '@custos/formats-peers';
import { AnswerRefused, getBounded } from './bounded-answer.js';

/** The longest run of K16, 16 full blocks with their receipts and the record, and some. */
const MAX_RUNS_BYTES = 32 * 1024 * 1024;

/** A full answer has 256 leaves (L7.2): of each some KiB, and its proof in hex. */
const MAX_LEAVES_BYTES = 8 * 1024 * 1024;

/** Milliseconds after which a validator counts as away, for services and other validators. */
export const ANSWER_TIMEOUT_MS = 5_000;

/** The member that asks: each request is signed for one network, at a time. */
export interface MemberIdentity {
  readonly networkId: Digest;
  readonly signer: Signer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The HTTP interface of another member's validator, as `formats/peers` and its document in docs/api state it. Answers
 * prove themselves or are worth nothing: the caller checks. Each method rejects when the validator is away, refuses, is
 * slower than the timeout, or sends more than one answer may hold.
 */
export interface MemberClient {
  /** Returns messages of the final lane (L4.6) from this height on: whole runs, none if it has no more. */
  runs(fromHeight: number): Promise<readonly Uint8Array[]>;
  /** Returns the bytes of a block or proposal; undefined when it has none of this hash. */
  block(hash: Digest): Promise<Uint8Array | undefined>;
  /** Returns the certificates of views from this one on, ascending. */
  certificates(epoch: number, fromView: number): Promise<readonly Uint8Array[]>;
  /** Returns a part of the chain file (L8) from this height on; empty at its end. */
  pieces(fromHeight: number): Promise<Uint8Array>;
  /** Returns leaves under the root of the newest final block, with their proofs (L7.2). */
  leaves(keys: readonly string[]): Promise<Parsed<AnswerBundle>>;
}

/** Creates the client of one validator. `url` is its base address, `timeoutMs` the limit of one answer. */
export function memberClient(url: string, identity: MemberIdentity, timeoutMs: number): MemberClient {
  const { networkId, signer, now } = identity;
  // The path of the base is for a proxy, which takes it away: the validator sees, and checks, what comes behind it.
  const base = new URL(url);
  const prefix = base.pathname.endsWith('/') ? base.pathname.slice(0, -1) : base.pathname;

  async function find(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const target = new URL(prefix + path, base);
    const request = { method: 'GET', path: target.pathname.slice(prefix.length) + target.search, at: now() };
    return getBounded(target.href, await peerHeaders(signer, networkId, request), { maxBytes, timeoutMs });
  }
  async function get(path: string, maxBytes = MAX_RUNS_BYTES): Promise<Uint8Array> {
    const body = await find(path, maxBytes);
    if (!body) throw new AnswerRefused(`${url}${path}: HTTP 404`);
    return body;
  }
  async function frames(path: string): Promise<readonly Uint8Array[]> {
    const decoded = decodeFrames(await get(path));
    if (decoded.ok) return decoded.value;
    throw new AnswerRefused(`${url}${path}: ${decoded.malformed.field}: ${decoded.malformed.fix}`);
  }

  return {
    runs: (fromHeight) => frames(`/runs?from=${fromHeight}`),
    block: (hash) => find(`/blocks/${hash}`, MAX_RUNS_BYTES),
    certificates: (epoch, fromView) => frames(`/certificates?epoch=${epoch}&from=${fromView}`),
    pieces: (fromHeight) => get(`/blocks?from=${fromHeight}`),
    async leaves(keys) {
      const asked = keys.map((key) => `&key=${encodeURIComponent(key)}`).join('');
      const json = parseJson(await get(`/leaves?proof=true${asked}`, MAX_LEAVES_BYTES));
      return json.ok ? parseAnswer(json.value) : json;
    },
  };
}
