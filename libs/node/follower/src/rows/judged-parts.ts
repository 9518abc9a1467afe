import type { Json } from '@custos/core-bytes';
import { KIND, payloadOf, type Receipt, type Transaction } from '@custos/core-chain';
import type { KeyId } from '@custos/core-crypto';
import type { ProjectedBlock } from './projection.js';
import { chainPositionOf } from './chain-position.js';

/** One receipt of a block, with what it answers. */
export interface JudgedPart {
  readonly transaction: Transaction;
  readonly receipt: Receipt;
  readonly chainPosition: number;
  /** Whose signature counts: a capture has exactly one (L2.2). */
  readonly keyId: KeyId;
  /** Part 0 of a capture; absent for every other kind. */
  readonly captureHead?: Json;
  /** The event of a capture, else the payload. */
  readonly payload: Json;
  /** The payload as signed: canonical JSON. */
  readonly bytes: Uint8Array;
}

const known = new WeakMap<ProjectedBlock, readonly JudgedPart[]>();

/** The parts of a block, read once for all projections. */
export function judgedParts(block: ProjectedBlock): readonly JudgedPart[] {
  const parts = known.get(block) ?? readParts(block);
  known.set(block, parts);
  return parts;
}

/** L5.2: a capture has a receipt for each event, every other kind has one; both in the order of the block. */
function readParts({ block, receipts }: ProjectedBlock): readonly JudgedPart[] {
  const parts: JudgedPart[] = [];
  for (const transaction of block.transactions) {
    const payload = payloadOf(transaction);
    const isCapture = transaction.head.kind === KIND.capture;
    const [first, end] = isCapture ? [1, payload.length] : [0, 1];
    for (let part = first; part < end; part++) {
      const position = parts.length;
      const receipt = receipts[position];
      // The quorum signed both roots, so this is a bug of ours and no input.
      if (receipt?.txId !== transaction.id) throw new Error(`height ${block.header.height}: receipt ${position}`);
      parts.push({
        transaction,
        receipt,
        chainPosition: chainPositionOf(block.header.height, position),
        keyId: transaction.head.keyIds[0]!,
        ...(isCapture && { captureHead: payload[0] }),
        payload: payload[part]!,
        bytes: transaction.parts[part]!,
      });
    }
  }
  return parts;
}
