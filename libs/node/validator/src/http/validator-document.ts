import type { JsonObject } from '@custos/core-bytes';
import { openApiDocument, PEER_EXAMPLES, PEERS, SYSTEM, SYSTEM_EXAMPLES, type Route } from '@custos/formats-api';

/** Every contract of a validator. */
export const VALIDATOR_CONTRACTS: readonly Route[] = [PEERS, SYSTEM].flatMap((contracts) =>
  Object.values<Route>(contracts),
);

/** The contracts of a validator. */
export function validatorDocument(): JsonObject {
  return openApiDocument({
    title: 'Custos validator',
    description: 'The chain for members: blocks, runs, certificates and leaves. Every request is signed by its asker.',
    routes: VALIDATOR_CONTRACTS,
    examples: [...PEER_EXAMPLES, ...SYSTEM_EXAMPLES],
  });
}
