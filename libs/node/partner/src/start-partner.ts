import { openMemberPorts, readCallers, readIdentity } from '@custos/node-member-service';
import { runProcess } from '@custos/shell-process';
import { partnerConfig } from './config.js';
import { closePartner, servePartner } from './http/serve-partner.js';
import { openPartner, PARTNER_MIGRATIONS } from './world.js';

/** Runs a partner service as a process: what it may do follows from the roles of the party it serves. */
export function runPartner(service: string): Promise<void> {
  return runProcess(service, async (log) => {
    const config = partnerConfig(process.env);
    const identity = await readIdentity(config);
    const { network, signer, party } = identity;
    const ports = await openMemberPorts({
      ...{ settings: config, network, signer, migrations: PARTNER_MIGRATIONS, log },
      ...{ applicationName: `custos-${party.gln}`, clientId: `partner-${party.gln}` },
    });
    const world = await openPartner(identity, config, ports);
    const served = await servePartner(world, config);
    return {
      reload: () => world.replaceCallers(readCallers(config, party.gln)),
      async close() {
        await closePartner(served, world);
        await ports.lanes.close();
        await ports.postgres.close();
      },
    };
  });
}
