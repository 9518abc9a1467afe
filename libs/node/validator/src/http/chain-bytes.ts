import type { ChainStore } from '@custos/shell-chain-store';

/**
 * L8: a piece of the chain file from this height on: blocks, and after each run's last the record that made it
 * final. Whole runs, at least one if there is one, then as many as stay below `maxBytes`; block 0 has no record.
 */
export function chainPieces(store: ChainStore, from: number, maxBytes: number): readonly Uint8Array[] {
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
