import { openLog, runProcess, serve } from '@custos/shell-process';
import { partnerConfig } from './config.js';
import { CAPTURE_LIMIT } from './epcis-answers.js';
import { partnerModule } from './partner.module.js';
import { openPartner } from './world.js';

/** A partner service as a process: what it may do follows from the roles of the party it serves. */
export function runPartner(service: string): Promise<void> {
  const log = openLog(service);
  return runProcess(log, async () => {
    const config = partnerConfig(process.env);
    const world = await openPartner(config, log);
    const { host, port } = config;
    const served = await serve({ module: partnerModule(world), host, port, log, bodyLimit: CAPTURE_LIMIT });
    return {
      // Intake first: what was taken in is in the outbox, and leaves at the next start if not now.
      async close() {
        await served.close();
        await world.close();
      },
    };
  });
}
