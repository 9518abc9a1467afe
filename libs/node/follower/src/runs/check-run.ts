import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import {
  checkParent,
  decodeBlock,
  decodeReceipts,
  finalisedBy,
  receiptRoot,
  type BlockHeader,
} from '@custos/core-chain';
import type { Digest, Hasher, VerifySignatures } from '@custos/core-crypto';
import { certificateChecks, decodeFinalityRecord, type FinalityRecord, type ValidatorSet } from '@custos/core-finality';
import type { RawRun } from './assemble.js';
import type { FollowedBlock, FollowedRun } from './run.js';

/** Whom and what a reader believes: the network it pinned and its validators. */
export interface Trust {
  readonly hasher: Hasher;
  readonly networkId: Digest;
  readonly validators: ValidatorSet;
  readonly verify: VerifySignatures;
}

/**
 * A run, once everything in it is proven: each block links to the one before, its transactions and receipts
 * are those of its header, and a quorum finalised the last one. Heights up to `head` are passed over; a run
 * that does not reach down to it is refused as GAP.
 */
export async function checkRun(trust: Trust, head: BlockHeader, raw: RawRun): Promise<Parsed<FollowedRun>> {
  const record = decodeFinalityRecord(raw.record, trust.validators.size);
  if (!record.ok) return record;
  let parent = head;
  const blocks: FollowedBlock[] = [];
  for (const { block, receipts } of raw.blocks) {
    const next = checkBlock(trust, parent, block, receipts);
    if (!next.ok) return next;
    if (!next.value) continue;
    blocks.push(next.value);
    parent = next.value.block.header;
  }
  if (blocks.length === 0) return withoutBlocks(head, record.value);
  const proof = await checkFinality(trust, parent.ownHash, record.value);
  return proof.ok ? parsed({ blocks, record: record.value }) : proof;
}

/** A record of a view above ours shows that blocks are missing; the others are of blocks that are here. */
function withoutBlocks(head: BlockHeader, { finalize }: FinalityRecord): Parsed<never> {
  const isKnown = finalize.epoch === head.epoch ? finalize.view <= head.view : finalize.epoch < head.epoch;
  if (isKnown) return malformed('NOTHING_NEW', '/blocks', `send blocks above ${head.height}`);
  return malformed('GAP', '/blocks', `send block ${head.height + 1} first`);
}

function checkBlock(
  trust: Trust,
  parent: BlockHeader,
  bytes: Uint8Array,
  receiptBytes: Uint8Array,
): Parsed<FollowedBlock | undefined> {
  const block = decodeBlock(trust.hasher, trust.networkId, bytes);
  if (!block.ok) return block;
  const { header } = block.value;
  if (header.height <= parent.height) return parsed(undefined);
  if (header.height > parent.height + 1) return malformed('GAP', '/height', `send block ${parent.height + 1} first`);
  const linked = checkParent(header, parent);
  if (!linked.ok) return linked;
  const receipts = decodeReceipts(receiptBytes);
  if (!receipts.ok) return receipts;
  if (receiptRoot(trust.hasher, receipts.value) !== header.receiptRoot)
    return malformed('RECEIPT_ROOT_WRONG', '/receiptRoot', 'send the receipts of this block');
  return parsed({ block: block.value, receipts: receipts.value });
}

async function checkFinality(trust: Trust, last: Digest, record: FinalityRecord): Promise<Parsed<undefined>> {
  const target = finalisedBy(trust.hasher, record);
  if (!target.ok) return target;
  if (target.value !== last)
    return malformed('CERTIFICATE_UNRELATED', '/finalize', 'send the record of the last block of the run');
  const checks = certificateChecks(trust.networkId, trust.validators, record.finalize);
  if (!checks.ok) return checks;
  if (await trust.verify(checks.value)) return parsed(undefined);
  return malformed('SIGNATURE_WRONG', '/finalize', 'a signature of the certificate does not verify');
}
