import type { JsonObject } from '@custos/core-bytes';
import type { Role } from '@custos/core-registry';
import { openApiDocument, PARTNER_STORY, SYSTEM_EXAMPLES, type RouteExample } from '@custos/formats-api';
import { partnerTopics } from './partner-topics.js';

/** Returns what the service of such a party takes and answers. */
export function partnerDocument(roles: readonly Role[]): JsonObject {
  return openApiDocument({
    title: `Custos partner service: ${roles.join(', ')}`,
    description:
      'Takes in what happens to packs, signs it and promises it to the chain; answers with the receipt and its proof.',
    routes: partnerTopics(roles).contracts,
    examples: [...partnerExamples(roles), ...SYSTEM_EXAMPLES],
  });
}

/** Those of the own trade where a route has some; else those of others. */
function partnerExamples(roles: readonly string[]): readonly RouteExample[] {
  const isOwn = ({ by = '' }: RouteExample): boolean => roles.includes(by);
  const own = new Set(PARTNER_STORY.filter(isOwn).map(({ route }) => route));
  return PARTNER_STORY.filter((example) => isOwn(example) || !own.has(example.route));
}
