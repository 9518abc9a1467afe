import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from '../child.js';
import { newGoods, type Goods } from '../demo/goods.js';
import { startNetwork, type Network } from '../network.js';
import { demoTopology } from '../demo/demo-topology.js';
import { grant, type Granted } from './load.js';
import { startMortalServers, type MortalServers } from './mortal-servers.js';
import { productOf, wishing, type Wishing } from './requests.js';
import { withClient } from './rows.js';
import { until } from './until.js';

/** A network of which everything may be killed, and what its users wish for. */
export interface MortalNetwork {
  readonly network: Network;
  readonly servers: MortalServers;
  readonly root: string;
  readonly goods: Goods;
  /** Database of one of its services. */
  databaseOf(service: string): string;
  readonly wishes: Wishing;
  /** What was granted before anything was done to it. */
  readonly granted: readonly Granted[];
  /** Every process of ours by its name. */
  readonly processes: readonly Child[];
  stop(): Promise<void>;
}

const root = join(__dirname, '..', '..', '..', '..', '..');
/** A request waits so long for finality: with something away, users get 202 soon and the load goes on. */
const WAIT_MS = 1_500;

export async function startMortalNetwork(
  name: string,
  portBase: number,
  env: Readonly<Record<string, string>> = {},
): Promise<MortalNetwork> {
  const directory = mkdtempSync(join(tmpdir(), `custos-${name}-`));
  // Postgres runs as another user when we are root.
  chmodSync(directory, 0o755);
  const topology = demoTopology(portBase, `${name}-${process.pid}`);
  const servers = await startMortalServers(root, join(directory, 'servers'), topology);
  const endServers = async () => {
    await servers.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const settings = { CUSTOS_WAIT_MS: String(WAIT_MS), ...env };
    const network = await startNetwork({ topology, directory, root, servers, env: settings, log: () => undefined });
    const goods = newGoods(new Date());
    const product = await grant(network, productOf(goods), () => undefined);
    for (const { env: its } of network.plan.services)
      await until('the product everywhere', () => isRegistered(its['CUSTOS_POSTGRES']!, goods.gtin));
    return {
      ...{ network, servers, root, goods },
      databaseOf(name) {
        const { services, trace } = network.plan;
        return [...services, trace].find((process) => process.name === name)!.env['CUSTOS_POSTGRES']!;
      },
      wishes: wishing(goods),
      granted: [product],
      processes: [...network.validators.values(), ...network.services.values(), network.trace],
      async stop() {
        await network.stop();
        await endServers();
      },
    };
  } catch (error) {
    await endServers();
    throw error;
  }
}

function isRegistered(url: string, gtin: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM readmodel.registry WHERE key = $1', [`product/${gtin}`]);
    return rowCount === 1;
  });
}
