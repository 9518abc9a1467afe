import type { JsonObject } from '@custos/core-bytes';
import { openApiDocument, SYSTEM, SYSTEM_EXAMPLES, TRACE_EXAMPLES, type Route } from '@custos/formats-api';
import { TOPICS } from './topics.js';

/** Every contract of a trace service. */
export const TRACE_CONTRACTS: readonly Route[] = [...TOPICS.contracts, ...Object.values<Route>(SYSTEM)];

/** What a trace service takes and answers. */
export function traceDocument(): JsonObject {
  return openApiDocument({
    title: 'Custos trace service',
    description: 'Journeys, verification and recall reach, from final blocks. It writes nothing to the chain.',
    routes: TRACE_CONTRACTS,
    examples: [...TRACE_EXAMPLES, ...SYSTEM_EXAMPLES],
  });
}
