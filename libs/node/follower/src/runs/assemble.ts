import { unreachable } from '@custos/core-bytes';
import { decodeFinalMessage, decodeHeader } from '@custos/core-chain';
import type { Hasher } from '@custos/core-crypto';
import { HEADER_LENGTH } from '@custos/core-finality';

/** Blocks and receipts that may wait for their record: more than any run holds (K16), with room. */
const MAX_WAITING = 256;
/** Bytes of the beginning of a block: magic and size (L3). */
const FRAME_LENGTH = 8;

/** The bytes of one run as they came, heights ascending: nothing is verified yet. */
export interface RawRun {
  readonly blocks: readonly { readonly block: Uint8Array; readonly receipts: Uint8Array }[];
  readonly record: Uint8Array;
}

/**
 * Puts the messages of a final lane together to runs (L4.6): block and receipts of each height, then the
 * record. A height may come twice; what cannot be read is passed over, the gap it leaves is pulled.
 */
export class RunAssembler {
  private readonly blocks = new Map<number, Uint8Array>();
  private readonly receipts = new Map<number, Uint8Array>();

  /** Highest height that the messages of the last run named; 0 when they named none. */
  top = 0;

  constructor(private readonly hasher: Hasher) {}

  /** The run that this message completes. */
  take(message: Uint8Array): RawRun | undefined {
    const decoded = decodeFinalMessage(message);
    if (!decoded.ok) return undefined;
    if (this.blocks.size > MAX_WAITING || this.receipts.size > MAX_WAITING) this.clear();
    const { value } = decoded;
    switch (value.type) {
      case 'block': {
        const header = decodeHeader(this.hasher, value.bytes.subarray(FRAME_LENGTH, FRAME_LENGTH + HEADER_LENGTH));
        if (header.ok) this.blocks.set(header.value.height, value.bytes);
        return undefined;
      }
      case 'receipts':
        this.receipts.set(value.height, value.bytes);
        return undefined;
      case 'record':
        return this.complete(value.bytes);
      default:
        return unreachable(value);
    }
  }

  private complete(record: Uint8Array): RawRun {
    const heights = [...this.blocks.keys()].sort((a, b) => a - b);
    const blocks = heights.flatMap((height) => {
      const receipts = this.receipts.get(height);
      return receipts ? [{ block: this.blocks.get(height)!, receipts }] : [];
    });
    this.clear();
    this.top = heights.at(-1) ?? 0;
    return { blocks, record };
  }

  private clear(): void {
    this.blocks.clear();
    this.receipts.clear();
  }
}
