import type { RouteExample } from './example.js';

/** The examples of the system routes of a service that is ready. */
export const SYSTEM_EXAMPLES: readonly RouteExample[] = [
  { route: 'live', name: 'live', summary: 'It answers', status: 200, answer: { status: 'ok' } },
  { route: 'ready', name: 'ready', summary: 'All is there', status: 200, answer: { status: 'ok', missing: [] } },
  { route: 'health', name: 'health', summary: 'All is there', status: 200, answer: { status: 'ok', missing: [] } },
  { route: 'metrics', name: 'metrics', summary: 'At the watch address', status: 200 },
  { route: 'docs', name: 'docs', summary: 'In a browser', status: 200 },
  { route: 'openapi', name: 'openapi', summary: 'For a client generator', status: 200 },
];
