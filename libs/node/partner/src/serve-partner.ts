import { serve, type Served } from '@custos/shell-process';
import { CAPTURE_LIMIT } from './epcis-answers.js';
import { partnerModule } from './partner.module.js';
import { callerFor, type Sent } from './requests.js';
import type { PartnerWorld } from './world.js';

/** Absence 10: nothing else is public, and metrics look at who asks by themselves. */
const OPEN: readonly string[] = ['/health', '/health/live', '/health/ready', '/metrics'];

/** The HTTP interface of a partner. Who has no token is sent away before his body is read. */
export function servePartner(world: PartnerWorld, address: { readonly host: string; readonly port: number }) {
  return serve({
    module: partnerModule(world),
    ...address,
    log: world.log,
    metrics: world.metrics,
    bodyLimits: { '/capture': CAPTURE_LIMIT },
    prepare(app) {
      app
        .getHttpAdapter()
        .getInstance()
        .addHook('onRequest', async ({ routeOptions, headers }) => {
          if (!OPEN.includes(routeOptions.url ?? '')) callerFor(world, 'read', headers as Sent);
        });
    },
  });
}

/** SIGTERM: waiting requests are answered first, else nothing new could end in time; then intake, then the rest. */
export async function closePartner(served: Served, world: PartnerWorld): Promise<void> {
  world.drain();
  await served.close();
  await world.close();
}
