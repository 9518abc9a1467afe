import { serve, type ListenAddress, type Served, type ServeOptions } from '@custos/shell-process';
import { bindEpcis } from './epcis/epcis-hooks.js';
import { partnerTopics } from './partner-topics.js';
import { partnerModule, type PartnerParts } from './partner.module.js';

/** Serves the HTTP interface of a partner: the routes of the roles that its party has (R). */
export function servePartner(
  parts: PartnerParts,
  { callerOf, strategy }: Pick<ServeOptions, 'callerOf' | 'strategy'>,
  address: ListenAddress,
): Promise<Served> {
  const { contracts, controllers } = partnerTopics(parts.party.roles);
  return serve({
    ...address,
    ...{ module: partnerModule(parts, controllers), contracts, log: parts.log, metrics: parts.metrics },
    ...{ callerOf, strategy },
    // Absence 10: nothing else is public, not even what is not there.
    elsewhere: 'read',
    prepare: (app) => bindEpcis(app.getHttpAdapter().getInstance()),
  });
}
