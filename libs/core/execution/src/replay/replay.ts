import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import {
  checkParent,
  decodePiece,
  finalisedBy,
  networkIdOf,
  refuseAt,
  type Block,
  type BlockHeader,
  type ChainItem,
  type ChainPiece,
  type Genesis,
} from '@custos/core-chain';
import type { Digest, Hasher, VerifySignatures } from '@custos/core-crypto';
import { certificateChecks, leaderOf, leaderOrder, makeValidatorSet } from '@custos/core-finality';
import { replayedState } from './replayed-state.js';

/** The counts of a replay up to its last block. */
export interface ReplayReport {
  readonly height: number;
  readonly stateRoot: Digest;
  readonly transactions: number;
  readonly accepted: number;
  readonly refused: number;
  readonly certificates: number;
}

/**
 * A replay of a chain from its genesis alone: it computes every root and verifies every signature and certificate (L8).
 */
export interface Replay {
  /** Takes the next block or finality record of the file. Refuses the first fault, with its offset in the file. */
  take(piece: ChainPiece): Promise<Parsed<undefined>>;
  /** Returns the report when the chain may end here. Refuses EMPTY, and NOT_FINAL for a block without its record. */
  end(): Parsed<ReplayReport>;
}

/** Starts a replay of a chain file of this network. Refuses a genesis that the registry refuses. */
export function startReplay(genesis: Genesis, hasher: Hasher, verify: VerifySignatures): Parsed<Replay> {
  const begun = replayedState(genesis, hasher, verify);
  if (!begun.ok) return begun;
  const state = begun.value;
  const networkId = networkIdOf(hasher, genesis);
  const validators = makeValidatorSet(hasher, genesis.validators);
  const leaders = leaderOrder(hasher, state.genesisHash, validators);
  let head: BlockHeader | undefined;
  let finalHeight = 0;
  let certificates = 0;

  async function takeBlock(block: Block): Promise<Parsed<undefined>> {
    const { header } = block;
    if (!head) {
      if (header.ownHash !== state.genesisHash)
        return malformed('GENESIS_WRONG', '', 'begin with block 0 of this genesis');
    } else {
      const problem = checkParent(header, head);
      if (!problem.ok) return problem;
      const proposer = leaderOf(leaders, header.view);
      if (header.proposer !== proposer)
        return malformed('PROPOSER_WRONG', '/proposer', `validator ${proposer} leads view ${header.view}`);
      const executed = await state.execute(block);
      if (!executed.ok) return executed;
    }
    state.append(header.ownHash);
    head = header;
    return parsed(undefined);
  }

  async function takeRecord({ record }: Extract<ChainItem, { type: 'record' }>): Promise<Parsed<undefined>> {
    const target = finalisedBy(hasher, record);
    if (!target.ok) return target;
    if (target.value !== head?.ownHash)
      return malformed('CERTIFICATE_UNRELATED', '', 'a record follows the blocks that it makes final');
    for (const certificate of [record.finalize, ...record.certificates]) {
      const checks = certificateChecks(networkId, validators, certificate);
      if (!checks.ok) return checks;
      if (!(await verify(checks.value)))
        return malformed('SIGNATURE_WRONG', `/views/${certificate.view}`, 'a signature does not verify');
      certificates++;
    }
    finalHeight = head.height;
    return parsed(undefined);
  }

  return parsed({
    async take(piece) {
      const item = decodePiece(hasher, networkId, validators.size, piece);
      if (!item.ok) return item;
      const taken = item.value.type === 'block' ? await takeBlock(item.value.block) : await takeRecord(item.value);
      return taken.ok ? taken : refuseAt(taken.malformed, piece.offset);
    },
    end() {
      if (!head) return malformed('EMPTY', '@0', 'a chain file begins with block 0');
      if (finalHeight !== head.height)
        return malformed('NOT_FINAL', `/height/${head.height}`, 'end with a finality record');
      return parsed({ height: head.height, stateRoot: head.stateRoot, ...state.counts, certificates });
    },
  });
}
