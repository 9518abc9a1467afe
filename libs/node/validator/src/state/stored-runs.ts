import { encodeFinalMessage } from '@custos/core-chain';
import type { ChainStore } from '@custos/shell-chain-store';

/** The messages of one run on a final lane (L4.6): each block with its receipts, then the record. */
export interface RunMessages {
  /** Last height of the run. */
  readonly to: number;
  readonly messages: readonly Uint8Array[];
}

/** Returns the messages from this height to the end of its run; undefined when it is not final here, or is block 0. */
export function runMessagesFrom(store: ChainStore, height: number): RunMessages | undefined {
  const record = height > 0 ? store.recordFor(height) : undefined;
  if (!record) return undefined;
  const messages: Uint8Array[] = [];
  for (let at = height; at <= record.to; at++) {
    messages.push(encodeFinalMessage({ type: 'block', bytes: store.block(at)!.bytes }));
    messages.push(encodeFinalMessage({ type: 'receipts', height: at, bytes: store.receipts(at)! }));
  }
  messages.push(encodeFinalMessage({ type: 'record', bytes: record.bytes }));
  return { to: record.to, messages };
}

/** Returns whole runs from this height on: at least one if there is one, then as many as stay below `maxBytes`. */
export function runsFrom(store: ChainStore, height: number, maxBytes: number): readonly Uint8Array[] {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for (let run = runMessagesFrom(store, height); run; run = runMessagesFrom(store, run.to + 1)) {
    const length = run.messages.reduce((sum, message) => sum + 4 + message.length, 0);
    if (all.length > 0 && bytes + length > maxBytes) break;
    bytes += length;
    all.push(...run.messages);
  }
  return all;
}

/**
 * Returns a part of the chain file (L8) from this height on: blocks, and after the last of each run the record that made
 * it final. Whole runs, at least one if there is one, then as many as stay below `maxBytes`; block 0 has no record.
 */
export function piecesFrom(store: ChainStore, from: number, maxBytes: number): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let height = from; bytes < maxBytes;) {
    const record = store.recordFor(height);
    const to = record?.to ?? height;
    for (; height <= to; height++) {
      const block = store.block(height);
      if (!block) return pieces;
      pieces.push(block.bytes);
      bytes += block.bytes.length;
    }
    if (record) pieces.push(record.bytes);
    bytes += record?.bytes.length ?? 0;
  }
  return pieces;
}
