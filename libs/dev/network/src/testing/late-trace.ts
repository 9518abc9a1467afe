import { database } from '@custos/dev-servers';
import type { Child } from '../child.js';
import { startable } from '../network.js';
import { databaseName } from '../processes.js';
import type { MortalNetwork } from './mortal-network.js';

/** A second trace service, whose tables are empty, and which is yet to be started. */
export async function lateTrace({ network, root }: MortalNetwork): Promise<{ child: Child; database: string }> {
  const url = await database(network.servers.postgres, databaseName(network.topology, 'late'));
  const { http, watch } = network.topology.ports.trace;
  // The ports behind those of trace are free.
  const ports = { http: http + 1, watch: watch + 1 };
  const listening = { CUSTOS_HTTP_PORT: String(ports.http), CUSTOS_WATCH_PORT: String(ports.watch) };
  const env = { ...network.plan.trace.env, ...listening, CUSTOS_POSTGRES: url };
  return { child: startable(root, network.state, { ...network.plan.trace, name: 'late', ports, env }), database: url };
}
