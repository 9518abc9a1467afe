import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGE_PORT } from '@custos/dev-servers';
import { PROCESS_NAMES, type Addresses } from '../addresses.js';
import { pause } from '../child.js';
import { auditChain } from '../demo/audit.js';
import { tellAll } from '../demo/demo.js';
import { UnexpectedOutcome, type Narrator } from '../demo/narration.js';
import { client } from '../http.js';
import { openStage } from '../stage.js';
import { parseTokens } from '../state-directory.js';
import { tradingMembers, type Topology } from '../topology.js';
import { containerAddresses, FILES } from './layout.js';

/** How long the network may take until it is ready, and between two looks at it. */
const READY_LIMIT_MS = 60_000;
const READY_LOOK_MS = 500;

export interface ComposeStoryOptions {
  readonly topology: Topology;
  /** The image's root, whose commands the auditor runs. */
  readonly root: string;
  /** What `init` handed out to the player. */
  readonly handed: string;
  readonly narrator: Narrator;
}

/** The life of one pallet, played from a container of its own; it kills no one. */
export async function playInCompose({ topology, root, handed, narrator }: ComposeStoryOptions): Promise<void> {
  const tokens = parseTokens(readFileSync(join(handed, FILES.access), 'utf8'));
  const addresses = containerAddresses(topology, IMAGE_PORT);
  await untilReady(topology, addresses);
  const stage = openStage(topology, addresses, tokens);
  const files = { genesisFile: join(handed, FILES.genesis), keyFile: join(handed, FILES.key) };
  await tellAll(stage, narrator, () => auditChain(stage, { root, ...files, file: join(tmpdir(), 'chain.custos') }));
}

/** Resolves when every process is ready; throws with the names of those that are not, and what each of them lacks. */
async function untilReady(topology: Topology, addresses: Addresses): Promise<void> {
  const origins = new Map([
    ...topology.members.map(({ name }) => [PROCESS_NAMES.validator(name), addresses.validator(name)] as const),
    ...tradingMembers(topology).map(({ name }) => [PROCESS_NAMES.service(name), addresses.service(name)] as const),
    [PROCESS_NAMES.trace, addresses.trace],
  ]);
  for (const deadline = Date.now() + READY_LIMIT_MS; ; await pause(READY_LOOK_MS)) {
    const lacks = await Promise.all([...origins].map(async ([name, origin]) => lackOf(name, origin)));
    const unready = lacks.filter((lack) => lack !== undefined);
    if (unready.length === 0) return;
    if (Date.now() > deadline) throw new UnexpectedOutcome('the network is not ready', unready);
  }
}

async function lackOf(name: string, origin: string): Promise<string | undefined> {
  try {
    const { status, body } = await client(origin).get('/health/ready');
    if (status === 200) return undefined;
    const { missing = [] } = (body ?? {}) as { readonly missing?: readonly string[] };
    return `${name}: HTTP ${status}, missing ${missing.join(', ')}`;
  } catch (error) {
    return `${name}: ${(error as Error).message}`;
  }
}
