import type { BlockHeader } from '@custos/core-chain';
import { RunAssembler } from './assemble.js';
import type { FollowerOptions } from './follower.js';
import { createProjector, type ProjectorOptions } from './projector.js';

export type RebuildOptions = ProjectorOptions & Pick<FollowerOptions, 'pull'>;

/**
 * Empties the read model and builds it anew from the validator's blocks, to its last one, whose header it returns. A
 * service that runs on the same tables may go on: it answers that the chain is away until this is done, then from the
 * new rows. Throws when the validator is away, before anything is emptied if it was away from the beginning; what is
 * half built is then completed by the service, or by another call.
 */
export async function rebuildReadModel(options: RebuildOptions): Promise<BlockHeader> {
  const { pull, trust } = options;
  await pull(1);
  const projector = createProjector(options);
  await projector.open(true);
  const assembler = new RunAssembler(trust.hasher);
  for (let before = -1; projector.head().height !== before;) {
    before = projector.head().height;
    for (const message of await pull(before + 1)) {
      const raw = assembler.take(message);
      if (raw && (await projector.project(raw)) === 'gap') break;
    }
  }
  await projector.caughtUp();
  return projector.head();
}
