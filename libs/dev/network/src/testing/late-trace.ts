import { database } from '@custos/dev-servers';
import type { Child } from '../child.js';
import { startable } from '../network.js';
import { databaseName } from '../processes.js';
import type { MortalNetwork } from './mortal-network.js';

/** A second trace service, whose tables are empty, and which is yet to be started. */
export async function lateTrace({ network, root }: MortalNetwork): Promise<{ child: Child; database: string }> {
  const url = await database(network.servers.postgres, databaseName(network.topology, 'late'));
  const port = network.topology.ports.trace + 1;
  const env = { ...network.plan.trace.env, CUSTOS_POSTGRES: url, CUSTOS_HTTP_PORT: String(port) };
  return { child: startable(root, network.state, { ...network.plan.trace, name: 'late', port, env }), database: url };
}
