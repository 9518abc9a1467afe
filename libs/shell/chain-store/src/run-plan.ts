import { digestBytes, type Digest, type Hasher } from '@custos/core-crypto';
import { appendToEdge, EMPTY_EDGE } from '@custos/core-merkle';
import { ChainConflict, type ChainHead, type FinalRun, type StoredBlock } from './ports.js';

/** The new blocks of a run, and the head once it is stored. */
export interface RunPlan {
  readonly fresh: readonly [StoredBlock, ...StoredBlock[]];
  readonly head: ChainHead;
}

/**
 * Plans an append on top of `head`; undefined when all of the run is stored. Both stores ask it, so that
 * they agree on what a conflict is.
 * @throws ChainConflict
 */
export function planRun(
  hasher: Hasher,
  run: FinalRun,
  head: ChainHead | undefined,
  hashAt: (height: number) => Digest | undefined,
): RunPlan | undefined {
  const next = head ? head.height + 1 : 0;
  const [first, ...rest] = checked(run).filter((block) => {
    if (block.height >= next) return true;
    if (hashAt(block.height) === block.hash) return false;
    throw new ChainConflict(`height ${block.height} holds ${hashAt(block.height)}, not ${block.hash}`);
  });
  if (!first) return undefined;
  if (first.height !== next) throw new ChainConflict(`height ${first.height} was given where ${next} is next`);
  const fresh = [first, ...rest] as const;
  let edge = head?.edge ?? EMPTY_EDGE;
  for (const { hash } of fresh) edge = appendToEdge(hasher, edge, digestBytes(hash));
  const { epoch, view, height, hash, timestamp } = fresh.at(-1)!;
  return { fresh, head: { epoch, view, height, hash, timestamp, edge } };
}

function checked({ blocks, record }: FinalRun): readonly StoredBlock[] {
  blocks.forEach(({ height }, i) => {
    if (height !== blocks[0]!.height + i) throw new ChainConflict(`a run jumps to height ${height}`);
  });
  // L3.4: genesis alone is final by itself; nothing else is without a certificate.
  const isGenesis = blocks.length === 1 && blocks[0]!.height === 0;
  if (isGenesis !== (record === undefined)) throw new ChainConflict('a finality record is for every run but genesis');
  return blocks;
}
