import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGE_PORT } from '@custos/dev-servers';
import { auditChain } from '../demo/audit.js';
import { tellAll } from '../demo/demo.js';
import type { Narrator } from '../demo/narration.js';
import { openStage } from '../stage.js';
import { parseTokens } from '../state-directory.js';
import type { Topology } from '../topology.js';
import { containerAddresses, FILES } from './layout.js';

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
  const stage = openStage(topology, containerAddresses(topology, IMAGE_PORT), tokens);
  const files = { genesisFile: join(handed, FILES.genesis), keyFile: join(handed, FILES.key) };
  await tellAll(stage, narrator, () => auditChain(stage, { root, ...files, file: join(tmpdir(), 'chain.custos') }));
}
