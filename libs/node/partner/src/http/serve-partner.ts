import { serve, type ListenAddress, type Served } from '@custos/shell-process';
import type { PartnerWorld } from '../world.js';
import { bindEpcis } from './epcis/epcis-hooks.js';
import { partnerTopics } from './partner-topics.js';
import { partnerModule } from './partner.module.js';

/** Serves the HTTP interface of a partner, the routes of the roles that its party has (R), and follows the chain. */
export async function servePartner(world: PartnerWorld, address: ListenAddress): Promise<Served> {
  const { contracts, controllers } = partnerTopics(world.party.roles);
  const served = await serve({
    ...address,
    ...{ module: partnerModule(world, controllers), contracts, log: world.log, metrics: world.metrics },
    strategy: world.finalLane,
    callerOf: world.callerOf,
    // Absence 10: nothing else is public, not even what is not there.
    elsewhere: 'read',
    prepare: (app) => bindEpcis(app.getHttpAdapter().getInstance()),
  });
  world.follow(served.startMicroservices);
  return served;
}

/**
 * SIGTERM: the door is shut first; requests that wait for finality are answered with their job, else nothing new could
 * end in time; then relay and follower, which others rest on.
 */
export async function closePartner(served: Served, world: PartnerWorld): Promise<void> {
  const intakeOver = served.close();
  world.drain();
  await intakeOver;
  await world.close();
}
