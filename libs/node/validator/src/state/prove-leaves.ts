import { orReject } from '@custos/core-bytes';
import { encodeHeader, type AnswerBundle, type ProvenLeaf } from '@custos/core-chain';
import { decodeFinalityRecord, encodeCertificate } from '@custos/core-finality';
import { encodeStateProof, type StateTree } from '@custos/core-merkle';
import type { ChainStore } from '@custos/shell-chain-store';
import type { ExecutedBlock } from './executed-block.js';

/** The parts that hold values, proofs and certificates. */
export interface ProofSources {
  readonly store: ChainStore;
  readonly tree: StateTree;
  /** Number of validators. */
  readonly validators: number;
}

/**
 * Proves leaves under the stateRoot of the head, with its certificate (L7.2). Undefined while block 0 is the head, which
 * no certificate covers.
 */
export function proveLeaves(
  { store, tree, validators }: ProofSources,
  head: ExecutedBlock,
  keys: readonly string[],
): AnswerBundle | undefined {
  const record = store.recordFor(head.block.header.height);
  if (!record) return undefined;
  // The head is the last block of its run, so the record's certificate is its own.
  const { finalize } = orReject(decodeFinalityRecord(record.bytes, validators));
  const leaves = keys.map((key): ProvenLeaf => {
    const value = store.entry(key)?.value;
    return { key, ...(value && { value }), proof: encodeStateProof(tree.prove(head.root, key)) };
  });
  const certificate = encodeCertificate(finalize, validators);
  return { header: encodeHeader(head.block.header), above: [], certificate, leaves, events: [] };
}
