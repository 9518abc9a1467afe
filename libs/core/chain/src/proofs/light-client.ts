import {
  attempt,
  canonicalBytes,
  canonicalJson,
  orReject,
  reject,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import { digestBytes, type Digest, type Hasher, type KeyId, type SignatureCheck } from '@custos/core-crypto';
import { decodeStateProof, verifyInclusion, verifyStateProof, type InclusionProof } from '@custos/core-merkle';
import type { AnswerBundle, ProvenEvent, ProvenLeaf } from './answer-bundle.js';
import { decodeHeader, type BlockHeader } from '../blocks/header.js';
import { checkProvenHeader, type Trust } from './proven-header.js';
import { decodeHead, unsignedPart } from '../transactions/transaction-codec.js';
import { KIND, transactionIdOf, type TransactionHead } from '../transactions/transaction.js';

/** An event that the chain contains. Its receipt, not this proof, shows whether the law accepted it. */
interface ShownEvent {
  readonly event: Json;
  readonly txId: Digest;
  /** Position among the events of its document, from 0. */
  readonly eventIndex: number;
  readonly signer: KeyId;
  readonly createdAt: number;
  readonly height: number;
  readonly timestamp: number;
  readonly blockHash: Digest;
}

/**
 * The result of verifying an answer, as of its header. It proves nothing until the caller has verified every signature
 * of {@link checks}.
 */
export interface ProvenAnswer {
  readonly checks: readonly SignatureCheck[];
  readonly header: BlockHeader;
  /** The value of each key; `undefined` means proved absent. A key that is missing here was not proved. */
  readonly leaves: ReadonlyMap<string, JsonObject | undefined>;
  readonly events: readonly ShownEvent[];
}

/** L3.2: returns the leaf of a block under historyRoot. */
export function historyLeaf(ownHash: Digest): Uint8Array {
  return digestBytes(ownHash);
}

/**
 * L7.1: verifies all hashes, links and the quorum of an answer from an untrusted source. One fault refuses the whole
 * answer: LEAF_REPEATED, PROOF_WRONG, NOT_AN_EVENT, or a code of {@link checkProvenHeader}. The caller verifies the
 * signatures, and decides on freshness ({@link isFresh}) and on the leaves that its question needs.
 */
export function verifyAnswer(hasher: Hasher, trust: Trust, bundle: AnswerBundle): Parsed<ProvenAnswer> {
  return attempt(() => {
    const { header, checks } = checkProvenHeader(hasher, trust, bundle);
    const leaves = new Map<string, JsonObject | undefined>();
    for (const [i, leaf] of bundle.leaves.entries()) {
      if (leaves.has(leaf.key)) reject('LEAF_REPEATED', `/leaves/${i}`, 'show a key once');
      leaves.set(leaf.key, checkLeaf(hasher, header.stateRoot, leaf, `/leaves/${i}`));
    }
    const events = bundle.events.map((event, i) => checkEvent(hasher, header, event, `/events/${i}`));
    return { checks, header, leaves, events };
  });
}

// L7.2 c: all leaves of one answer lie under one root. Otherwise an answer could mix the states of two blocks.
function checkLeaf(hasher: Hasher, root: Digest, leaf: ProvenLeaf, field: string): JsonObject | undefined {
  const proof = orReject(decodeStateProof(leaf.proof));
  const value = leaf.value === undefined ? undefined : canonicalJson(leaf.value);
  if (!verifyStateProof(hasher, root, leaf.key, value, proof))
    reject('PROOF_WRONG', `${field}/proof`, "prove this value under the header's stateRoot");
  return leaf.value;
}

function checkEvent(hasher: Hasher, certified: BlockHeader, shown: ProvenEvent, field: string): ShownEvent {
  const head = orReject(decodeHead(shown.head));
  // L7.4: part 0 belongs to the document and holds its salt. Only the parts after it are events.
  if (head.kind !== KIND.capture || shown.part.index < 1) reject('NOT_AN_EVENT', `${field}/part`, 'show an event');
  if (shown.part.size !== head.partCount) reject('PROOF_WRONG', `${field}/part`, 'prove it among all parts');
  const leaf = canonicalBytes(shown.event);
  if (!verifyInclusion(hasher, leaf, shown.part, head.payloadRoot))
    reject('PROOF_WRONG', `${field}/part`, "prove the event under the head's payloadRoot");
  const block = blockOf(hasher, certified, shown, field);
  checkHead(hasher, block, shown.head, shown.transaction, `${field}/transaction`);
  return {
    event: shown.event,
    txId: headId(hasher, certified.networkId, shown.head, head),
    eventIndex: shown.part.index - 1,
    signer: head.keyIds[0]!,
    createdAt: head.createdAt,
    height: block.height,
    timestamp: block.timestamp,
    blockHash: block.ownHash,
  };
}

// L3.2: historyRoot covers the earlier blocks, each at the index of its height.
function blockOf(hasher: Hasher, certified: BlockHeader, { block }: ProvenEvent, field: string): BlockHeader {
  if (!block) return certified;
  const header = orReject(decodeHeader(hasher, block.header));
  const { index, size } = block.history;
  if (index !== header.height || size !== certified.height)
    reject('PROOF_WRONG', `${field}/block/history`, 'prove the block at its height among all earlier ones');
  if (!verifyInclusion(hasher, historyLeaf(header.ownHash), block.history, certified.historyRoot))
    reject('PROOF_WRONG', `${field}/block/history`, "prove the block under the certified header's historyRoot");
  return header;
}

/**
 * Verifies that a head lies under the block's transactionRoot. Refuses PROOF_WRONG with `reject`, so the caller runs it
 * inside `attempt`.
 */
export function checkHead(
  hasher: Hasher,
  block: BlockHeader,
  headBytes: Uint8Array,
  proof: InclusionProof,
  field: string,
): void {
  if (!verifyInclusion(hasher, headBytes, proof, block.transactionRoot))
    reject('PROOF_WRONG', field, "prove the head under its block's transactionRoot");
}

/** L2.2: returns the id of a transaction of which only the head is shown. */
export function headId(hasher: Hasher, networkId: Digest, headBytes: Uint8Array, head: TransactionHead): Digest {
  return transactionIdOf(hasher, networkId, unsignedPart(headBytes, head.keyIds.length));
}
