import type { JsonObject } from '@custos/core-bytes';
import { openApiDocument, PEER_EXAMPLES, PEERS, SYSTEM, SYSTEM_EXAMPLES } from '@custos/formats-api';

/** What a validator hands out. */
export function validatorDocument(): JsonObject {
  return openApiDocument({
    title: 'Custos validator',
    description: 'The chain for members: blocks, runs, certificates and leaves. Every request is signed by its asker.',
    routes: [PEERS, SYSTEM].flatMap((contracts) => Object.values(contracts)),
    examples: [...PEER_EXAMPLES, ...SYSTEM_EXAMPLES],
  });
}
