import { openMemberPorts, readCallers, readIdentity } from '@custos/node-member-service';
import { runProcess } from '@custos/shell-process';
import { partnerConfig } from './config.js';
import { PARTNER_MIGRATIONS } from './partner-migrations.js';
import { startPartner } from './start-partner.js';

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
    const partner = await startPartner(identity, config, ports);
    return {
      reload: () => partner.replaceCallers(readCallers(config, party.gln)),
      async close() {
        await partner.close();
        await ports.lanes.close();
        await ports.postgres.close();
      },
    };
  });
}
