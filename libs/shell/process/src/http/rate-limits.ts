import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whole, type Settings } from '../config.js';
import { membershipIn, networks } from '../networks.js';
import { Problem } from './problem.js';
import { isWatching } from '../watching/watch-listener.js';

/** Requests a minute; whoever sends more is answered 429 until his minute is over. */
export interface RateLimits {
  /** By one token that is known here. */
  readonly rateToken: number;
  /** By one address that shows no known token. */
  readonly rateAddress: number;
  /** By one such address on a route whose access is `open`. */
  readonly rateOpen: number;
  /** Addresses and networks (`10.0.0.0/8`) that are not counted. The watch listener counts no one. */
  readonly rateExempt: readonly string[];
}

/** Limits that a service has unless its settings state others. */
export const DEFAULT_RATES: RateLimits = {
  // 1,000 a second: more than one service can make final, so it stops a loop gone wild and no packing line.
  rateToken: 60_000,
  // Probes of a load balancer, and wrong tokens: no one guesses 24 bytes at ten a second.
  rateAddress: 600,
  // Two scans a second: a ward behind one address, not a crawler of serial numbers.
  rateOpen: 120,
  // Also not this machine: a proxy on it would make everyone exempt.
  rateExempt: [],
};

const WINDOW_MS = 60_000;

/** Each limit from its variable; `defaults` are the service's own. */
export function rateSettings(defaults: RateLimits = DEFAULT_RATES): Settings<RateLimits> {
  return {
    rateToken: rate('CUSTOS_RATE_TOKEN', 'requests a minute of one token', defaults.rateToken),
    rateAddress: rate('CUSTOS_RATE_ADDRESS', 'requests a minute of one address without token', defaults.rateAddress),
    rateOpen: rate('CUSTOS_RATE_OPEN', 'requests a minute of one address on an open route', defaults.rateOpen),
    rateExempt: networks('CUSTOS_RATE_EXEMPT', 'addresses that are not counted', defaults.rateExempt),
  };
}

function rate(variable: string, about: string, fallback: number) {
  const read = (text: string) => whole(text, 1, 100_000_000);
  return { variable, about, fallback, read, expected: 'a whole number, 1 or more' };
}

/**
 * Counts before a body is read; the limit, what is left and when it begins anew go with every counted answer. Memory:
 * each counter remembers 5,000 tokens or addresses (IPv6: networks of /64), then forgets who was not seen for longest.
 */
export async function limitRates(http: FastifyInstance, limits: RateLimits): Promise<void> {
  await http.register(rateLimit, { global: false });
  const counter = (max: number, keyGenerator?: (request: FastifyRequest) => string) =>
    http.createRateLimit({ max, timeWindow: WINDOW_MS, ...(keyGenerator && { keyGenerator }) });
  const byToken = counter(limits.rateToken, ({ caller }) => caller?.hash ?? '');
  const byAddress = counter(limits.rateAddress);
  const byOpenAddress = counter(limits.rateOpen);
  const isExempt = membershipIn(limits.rateExempt);
  http.addHook('onRequest', async (request, reply) => {
    if (request.caller) return count(byToken, 'token', request, reply);
    if (isWatching(request) || isExempt(request.ip)) return;
    const isOpen = request.routeOptions.config.contract?.access === 'open';
    await count(isOpen ? byOpenAddress : byAddress, 'address', request, reply);
  });
}

async function count(
  counter: ReturnType<FastifyInstance['createRateLimit']>,
  who: 'token' | 'address',
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const counted = await counter(request);
  if (counted.isAllowed) return;
  const { max, remaining, ttlInSeconds, isExceeded } = counted;
  const headers = {
    'ratelimit-limit': String(max),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(ttlInSeconds),
  };
  void reply.headers(headers);
  if (isExceeded) throw tooMany(who, max, ttlInSeconds);
}

function tooMany(who: 'token' | 'address', max: number, seconds: number): Problem {
  const title = `More than ${max} requests a minute by one ${who}`;
  const fix = `come back in ${seconds} s`;
  const field = who === 'token' ? 'Authorization' : '';
  const details = { status: 429, code: 'TOO_MANY_REQUESTS', title, field, fix, limit: max };
  return new Problem(details, { 'retry-after': String(seconds) });
}
