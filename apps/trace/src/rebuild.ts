import { rebuildReadModel } from '@custos/node-follower';
import { ConfigError, type Log } from '@custos/shell-process';
import { traceConfig } from './config.js';
import { openParts } from './parts.js';
import { TOPICS } from './topics.js';

/**
 * `main.js rebuild`, with the service's own environment: empties the read model and builds it anew from the validator's
 * blocks. The service may run meanwhile; it says 503 until this is done. The exit status: 0 done, 1 failed, 2 called
 * wrongly.
 */
export async function rebuild(environment: NodeJS.ProcessEnv, log: Log): Promise<number> {
  try {
    const { network, postgres, lanes, pull } = await openParts(traceConfig(environment), log);
    const { trust, genesis, header: genesisHeader } = network;
    const begun = performance.now();
    try {
      const options = { trust, genesis, genesisHeader, postgres, pull, projections: TOPICS.projections, log };
      const { height, ownHash, stateRoot } = await rebuildReadModel(options);
      const took = Math.round(performance.now() - begun);
      console.log(`rebuilt from block 0 to ${height} in ${took} ms: block ${ownHash}, state root ${stateRoot}`);
      return 0;
    } finally {
      await lanes.close();
      await postgres.close();
    }
  } catch (error) {
    console.error(`rebuild: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof ConfigError ? 2 : 1;
  }
}
