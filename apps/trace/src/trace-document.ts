import type { JsonObject } from '@custos/core-bytes';
import { openApiDocument, SYSTEM, SYSTEM_EXAMPLES, TRACE, TRACE_EXAMPLES } from '@custos/formats-api';

/** What a trace service takes and answers. */
export function traceDocument(): JsonObject {
  return openApiDocument({
    title: 'Custos trace service',
    description: 'Journeys, verification and recall reach, from final blocks. It writes nothing to the chain.',
    routes: [TRACE, SYSTEM].flatMap((contracts) => Object.values(contracts)),
    examples: [...TRACE_EXAMPLES, ...SYSTEM_EXAMPLES],
  });
}
