import { parsePeerRequest, peerCheck } from '@custos/formats-peers';
import type { KeyId, PublicKey, VerifySignatures } from '@custos/core-crypto';
import { registry } from '@custos/core-registry';
import { Problem, type Clock } from '@custos/shell-process';
import { TokenBucket } from '../lanes/token-bucket.js';
import type { Validator } from '../create-validator.js';

/** The rate of requests of one key. A follower that catches up asks a few times a second, an honest peer less. */
const REQUESTS = { perSecond: 100, burst: 400 };

/** Keys whose buckets are remembered: more than a network has members; a stranger has none. */
const MAX_BUCKETS = 4_096;

/** A member who asks. */
export interface Asker {
  readonly keyId: KeyId;
  readonly gln: string;
}

/** The parts of a request that its signature covers. */
export interface AskedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * Answers who signed a request: a validator of the set, or a party by a key that is active after the last
 * final block. Throws Problem 401 when no one known did, 429 when that key asks too often.
 */
export function askers(
  validator: Validator,
  { verify, clock }: { readonly verify: VerifySignatures; readonly clock: Clock },
): (request: AskedRequest) => Promise<Asker> {
  const buckets = new Map<KeyId, TokenBucket>();
  return async ({ method, url, headers }) => {
    const now = clock.now();
    const request = parsePeerRequest({ method, path: url }, headers, now);
    if (!request.ok) throw unauthenticated(request.malformed.field, request.malformed.fix);
    const { keyId } = request.value;
    const known = keyOf(validator, keyId);
    if (!known) throw unauthenticated('custos-key', 'sign with a key that is enrolled and active');
    if (!(await verify([peerCheck(validator.network.networkId, known.publicKey, request.value)])))
      throw unauthenticated('custos-signature', 'sign method, path and time');
    // After the check: key ids are known to everybody, and a stranger must not use up what is a member's.
    if (!bucketOf(buckets, keyId, now).take(now)) throw tooMany();
    return { keyId, gln: known.gln };
  };
}

function keyOf(
  { network, running }: Validator,
  keyId: KeyId,
): { readonly publicKey: PublicKey; readonly gln: string } | undefined {
  const index = network.set.keyIds.indexOf(keyId);
  const entry = network.set.entries[index];
  if (entry) return { publicKey: entry.key, gln: entry.gln };
  const { chain } = running();
  const key = registry(chain.viewAfter(chain.head)).activeKey(keyId);
  return key && { publicKey: key.publicKey, gln: key.party };
}

function bucketOf(buckets: Map<KeyId, TokenBucket>, keyId: KeyId, now: number): TokenBucket {
  const known = buckets.get(keyId);
  if (known) return known;
  if (buckets.size >= MAX_BUCKETS) buckets.clear();
  const fresh = new TokenBucket(REQUESTS, now);
  buckets.set(keyId, fresh);
  return fresh;
}

function unauthenticated(field: string, fix: string): Problem {
  return new Problem({ status: 401, code: 'UNAUTHENTICATED', title: 'Members only', field, fix });
}

function tooMany(): Problem {
  const details = {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    title: 'This key asks too often',
    field: 'custos-key',
    fix: 'ask again in a second',
  };
  return new Problem(details, { 'retry-after': '1' });
}
