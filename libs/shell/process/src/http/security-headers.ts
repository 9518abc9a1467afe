import type { FastifyInstance } from 'fastify';

/**
 * What every answer tells a browser: it is no page, nothing may frame it, no one guesses its type, no one keeps it. A
 * route that serves a page states its own policy.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-dns-prefetch-control': 'off',
  'x-permitted-cross-domain-policies': 'none',
  // Answers are of one moment, and most are for one caller.
  'cache-control': 'no-store',
} as const;

/** The first hook, so that answers of hooks and of the framework have them too. */
export function secureAnswers(http: FastifyInstance): void {
  http.addHook('onRequest', async (_request, reply) => {
    void reply.headers(SECURITY_HEADERS);
  });
}
