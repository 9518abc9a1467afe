import { database } from '@custos/dev-servers';
import type { Child } from '../child.js';
import { startable } from '../network.js';
import { databaseName } from '../processes.js';
import { watchPortOf } from '../topology.js';
import type { MortalNetwork } from './mortal-network.js';

/** A second trace service, whose tables are empty, and which is yet to be started. */
export async function lateTrace({ network, root }: MortalNetwork): Promise<{ child: Child; database: string }> {
  const url = await database(network.servers.postgres, databaseName(network.topology, 'late'));
  const port = network.topology.ports.trace + 1;
  const ports = { CUSTOS_HTTP_PORT: String(port), CUSTOS_WATCH_PORT: String(watchPortOf(port)) };
  const env = { ...network.plan.trace.env, ...ports, CUSTOS_POSTGRES: url };
  return { child: startable(root, network.state, { ...network.plan.trace, name: 'late', port, env }), database: url };
}
