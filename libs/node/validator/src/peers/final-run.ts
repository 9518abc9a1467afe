import { attempt, orReject, reject, type Parsed } from '@custos/core-bytes';
import { decodeBlock, decodeFinalMessage, finalisedBy, type Block } from '@custos/core-chain';
import type { Digest, Hasher } from '@custos/core-crypto';
import { decodeFinalityRecord, type Certificate } from '@custos/core-finality';

/** Blocks that one record made final, as a peer sends it. The certificate is yet to be verified. */
export interface PulledRun {
  readonly blocks: readonly Block[];
  readonly finalize: Certificate;
}

/**
 * Total. Final-lane messages as whole runs; receipts are passed over, since who executes makes its own. A
 * run that was begun and not ended is left out.
 */
export function parseRuns(
  hasher: Hasher,
  networkId: Digest,
  n: number,
  messages: readonly Uint8Array[],
): Parsed<readonly PulledRun[]> {
  return attempt(() => {
    const runs: PulledRun[] = [];
    let blocks: Block[] = [];
    for (const bytes of messages) {
      const message = orReject(decodeFinalMessage(bytes));
      switch (message.type) {
        case 'block':
          blocks.push(orReject(decodeBlock(hasher, networkId, message.bytes)));
          break;
        case 'receipts':
          break;
        case 'record': {
          const record = orReject(decodeFinalityRecord(message.bytes, n));
          const last = blocks[blocks.length - 1]?.header.ownHash;
          if (last !== orReject(finalisedBy(hasher, record)))
            reject('RECORD_UNRELATED', '', 'let the record follow the blocks that it makes final');
          runs.push({ blocks, finalize: record.finalize });
          blocks = [];
        }
      }
    }
    return runs;
  });
}
