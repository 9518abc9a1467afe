import { kafkaLanes } from '@custos/shell-lanes';
import { ANSWER_TIMEOUT_MS, memberClient } from '@custos/shell-member-client';
import { migrate, openPostgres } from '@custos/shell-postgres';
import { runProcess, systemClock } from '@custos/shell-process';
import { partnerConfig } from './config.js';
import { readCallers, readIdentity } from './identity.js';
import { closePartner, servePartner } from './http/serve-partner.js';
import { openPartner, PARTNER_MIGRATIONS } from './world.js';

/** A partner service as a process: what it may do follows from the roles of the party it serves. */
export function runPartner(service: string): Promise<void> {
  return runProcess(service, async (log) => {
    const config = partnerConfig(process.env);
    const identity = await readIdentity(config);
    const { network, party, signer } = identity;
    await migrate({ url: config.postgres, migrations: PARTNER_MIGRATIONS });
    const postgres = openPostgres({ url: config.postgres, applicationName: `custos-${party.gln}` });
    const brokers = config.kafka.split(',');
    const trouble = (line: string): void => log.warn('lanes', { line });
    const lanes = kafkaLanes({ brokers, clientId: `partner-${party.gln}`, log: trouble });
    const { now } = systemClock;
    const member = { networkId: network.trust.networkId, signer, now };
    const validator = memberClient(config.validator, member, ANSWER_TIMEOUT_MS);
    const ports = { postgres, lanes, pull: validator.runs, askLeaves: validator.leaves, clock: systemClock, log };
    const world = await openPartner(identity, config, ports);
    const served = await servePartner(world, config);
    return {
      reload: () => world.replaceCallers(readCallers(config, party)),
      async close() {
        await closePartner(served, world);
        await lanes.close();
        await postgres.close();
      },
    };
  });
}
