import type { BlockHeader } from '@custos/core-chain';
import type { FollowerOptions } from '../follower.js';
import { createIntake } from '../runs/intake.js';
import { createProjector, type ProjectorOptions } from './projector.js';

/** The parts of a rebuild. */
export type RebuildOptions = ProjectorOptions & Pick<FollowerOptions, 'pull'>;

/**
 * Empties the read model and builds it anew from the validator's blocks, to its last one, whose header it returns. A
 * service that runs on the same tables may go on: it answers that the chain is away until this is done, then from the
 * new rows. Throws when the validator is away or sends what does not follow, before anything is emptied if it was away from the beginning; what is
 * half built is then completed by the service, or by another call.
 */
export async function rebuildReadModel(options: RebuildOptions): Promise<BlockHeader> {
  const { pull, trust, log } = options;
  await pull(1);
  const projector = createProjector(options);
  await projector.open(true);
  if (!(await createIntake(projector, trust.hasher, log).pullAll(pull))) {
    const { height } = projector.head();
    throw new Error(`the validator sends nothing that follows on block ${height}: rebuild from another one`);
  }
  return projector.head();
}
