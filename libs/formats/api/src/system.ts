import { z } from 'zod';
import { problemCase } from './problem-cases.js';
import { route } from './route.js';

// The routes that every service has beside its own.

/** The schema of a service's readiness; `missing` names what is not available yet. */
const health = z
  .object({ status: z.enum(['ok', 'waiting']), missing: z.array(z.string()).describe('what is not there yet') })
  .meta({ id: 'Health' });

const look = { method: 'GET', input: z.object({}), success: 200 } as const;

/** The routes of health, metrics and documentation that every service has. */
export const SYSTEM = {
  live: route({
    ...look,
    name: 'live',
    path: '/health/live',
    summary: 'Whether the process answers',
    access: 'public',
    output: z.object({ status: z.literal('ok') }),
  }),
  ready: route({
    ...look,
    name: 'ready',
    path: '/health/ready',
    summary: 'Whether it can do its work',
    access: 'public',
    output: health,
    problems: [problemCase(503, ['NOT_READY'], 'not yet: `missing` names what is not there')],
  }),
  health: route({
    ...look,
    name: 'health',
    path: '/health',
    summary: 'The same, always with 200',
    access: 'public',
    output: health,
  }),
  metrics: route({
    ...look,
    name: 'metrics',
    path: '/metrics',
    summary: 'Counters for Prometheus',
    access: 'watch',
    output: z.string(),
    media: 'text/plain',
  }),
  docs: route({
    ...look,
    name: 'docs',
    path: '/docs',
    summary: 'This description, as a page',
    access: 'public',
    output: z.string(),
    media: 'text/html',
  }),
  openapi: route({
    ...look,
    name: 'openapi',
    path: '/docs/openapi.json',
    summary: 'This description, as OpenAPI 3.1',
    access: 'public',
    output: z.looseObject({ openapi: z.string() }),
  }),
} as const;
