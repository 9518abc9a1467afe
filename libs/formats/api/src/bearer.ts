import { utf8 } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import { z } from 'zod';
import { gln } from './primitives.js';
import type { Access } from './route.js';

/** The schema of a caller that a service admits. It holds the SHA-256 of the token, never the token. */
const caller = z.strictObject({
  name: z.string().min(1).max(100),
  access: z.enum(['read', 'operate']),
  party: gln.describe('the organisation that asks'),
  hash: z.string().length(64).describe('SHA-256 of the token, lower-case hex'),
});
/** A caller that a service admits, with its access and the party that it acts for. */
export type Caller = z.infer<typeof caller>;

/**
 * The schema of the file that a service reads its callers from, at most 10,000. Names are unique, since an
 * Idempotency-Key belongs to a name; hashes are unique, since a token belongs to one caller.
 */
export const callers = z
  .array(caller)
  .max(10_000)
  .check(({ value, issues }) => {
    for (const field of ['name', 'hash'] as const) {
      const places = new Map<string, number>();
      value.forEach((each, place) => {
        const first = places.get(each[field]);
        if (first === undefined) return void places.set(each[field], place);
        const shared = field === 'name' ? 'this name' : 'this hash';
        const fix = `caller ${place}, ${each.name}, has ${shared} as caller ${first} has: give each its own`;
        issues.push({
          code: 'custom',
          input: value,
          path: [place, field],
          message: fix,
          params: { code: 'REPEATED', fix },
        });
      });
    }
  });

const SCHEME = 'bearer ';
/**
 * Longest token that is looked up, in characters. A token of 24 random bytes has 32; no caller has a longer one than
 * this.
 */
const MAX_TOKEN = 512;

/**
 * Returns a function that finds a caller by its `Authorization` header (RFC 6750, 2.1), undefined for an unknown one.
 * The look-up goes by the token's hash, so its duration reveals nothing about the known tokens.
 */
export function callerBook(
  hasher: Hasher,
  known: readonly Caller[],
): (authorization: string | undefined) => Caller | undefined {
  const byHash = new Map(known.map((each) => [each.hash, each]));
  return (authorization) => {
    if (authorization === undefined || authorization.length > SCHEME.length + MAX_TOKEN) return undefined;
    if (authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined;
    return byHash.get(hasher.digestHex(utf8(authorization.slice(SCHEME.length))));
  };
}

/** Returns whether a caller's access is sufficient for the access that a route requires. */
export function allows(access: Access, of: Caller | undefined): boolean {
  if (access === 'public') return true;
  return of !== undefined && (access === 'read' || of.access === 'operate');
}
