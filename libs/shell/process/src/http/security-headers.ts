import type { FastifyInstance } from 'fastify';

/**
 * Headers of every answer, for browsers: it is no page, is in no frame, has the stated type, and is not stored. A
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
