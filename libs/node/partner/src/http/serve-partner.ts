import { SYSTEM } from '@custos/formats-api';
import { serve, type ListenAddress, type Served } from '@custos/shell-process';
import { CAPTURE_LIMIT } from './epcis-binding.js';
import { bindEpcis } from './epcis-hooks.js';
import { partnerModule } from './partner.module.js';
import { callerFor, type Sent } from './requests.js';
import type { PartnerWorld } from '../world.js';

/** Absence 10: nothing else is public, and metrics look at who asks by themselves. */
const OPEN: readonly string[] = Object.values(SYSTEM).map(({ path }) => path);

/** The HTTP interface of a partner. Who has no token is sent away before his body is read. */
export function servePartner(world: PartnerWorld, address: ListenAddress) {
  return serve({
    ...address,
    module: partnerModule(world),
    callerOf: world.callerOf,
    log: world.log,
    metrics: world.metrics,
    bodyLimits: { '/capture': CAPTURE_LIMIT },
    prepare(app) {
      const http = app.getHttpAdapter().getInstance();
      http.addHook('onRequest', async ({ routeOptions, headers }) => {
        if (!OPEN.includes(routeOptions.url ?? '')) callerFor(world, 'read', headers as Sent);
      });
      bindEpcis(http);
    },
  });
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
