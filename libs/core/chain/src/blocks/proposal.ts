import { attempt, malformed, orReject, parsed, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import {
  digestBytes,
  SIGNATURE_LENGTH,
  taggedMessage,
  type Digest,
  type Hasher,
  type SignatureCheck,
} from '@custos/core-crypto';
import {
  certificateLength,
  readCertificate,
  VOTE,
  writeCertificate,
  type Certificate,
  type ValidatorSet,
} from '@custos/core-finality';
import { decodeBlock, type Block, type KnownTransactions } from './block.js';
import type { BlockHeader } from './header.js';
import { MAX_BLOCK_BYTES, MAX_LANE_MESSAGE_BYTES, MAX_PROPOSAL_CERTIFICATES } from '../limits.js';

/** A block, its leader's signature, and the certificates that justify its place in the chain (L4.3). */
export interface Proposal {
  readonly block: Block;
  /** The proposer's signature over {@link proposalMessage}. */
  readonly signature: Uint8Array;
  /**
   * The parent's Notarize certificate (none for a final parent), then the newest Skip certificates between, ascending
   * by view.
   */
  readonly certificates: readonly Certificate[];
}

/** Returns the bytes that a leader signs (L4.3). The hashed header binds the network id. */
export function proposalMessage(ownHash: Digest): Uint8Array {
  return taggedMessage('custos/proposal/1', digestBytes(ownHash));
}

/**
 * Returns the leader's signature for the caller to verify. Refuses SIGNER_UNKNOWN. Does not check whether the proposer
 * leads the view (K1).
 */
export function proposalCheck(
  set: ValidatorSet,
  proposal: Pick<Proposal, 'signature'> & { readonly block: Pick<Block, 'header'> },
): Parsed<SignatureCheck> {
  const { proposer, ownHash } = proposal.block.header;
  const entry = set.entries[proposer];
  if (!entry) return malformed('SIGNER_UNKNOWN', '/proposer', `name one of ${set.size} validators`);
  return parsed({ publicKey: entry.key, message: proposalMessage(ownHash), signature: proposal.signature });
}

/**
 * Returns the newest certificates of a justification that fit beside the block, at most
 * {@link MAX_PROPOSAL_CERTIFICATES} (L4.3). `blockLength` is in bytes, `certificates` ascend by view, `n` is the size
 * of the validator set. Voters pull the older ones.
 */
export function justificationThatFits(
  blockLength: number,
  certificates: readonly Certificate[],
  n: number,
): readonly Certificate[] {
  let room = MAX_LANE_MESSAGE_BYTES - blockLength - SIGNATURE_LENGTH - 2;
  let first = certificates.length;
  while (first > 0 && certificates.length - first < MAX_PROPOSAL_CERTIFICATES) {
    room -= certificateLength(certificates[first - 1]!.signers.length, n);
    if (room < 0) break;
    first--;
  }
  return certificates.slice(first);
}

/**
 * Encodes a proposal (L4.3). `n` is the size of the epoch's validator set.
 * @throws RangeError over the limits; {@link justificationThatFits} keeps within them.
 */
export function encodeProposal(proposal: Proposal, n: number): Uint8Array {
  const { block, signature, certificates } = proposal;
  if (justificationThatFits(block.bytes.length, certificates, n).length !== certificates.length)
    throw new RangeError(`${certificates.length} certificates`);
  if (signature.length !== SIGNATURE_LENGTH) throw new RangeError(`a signature of ${signature.length} bytes`);
  const writer = new Writer(block.bytes.length + 1_024).raw(block.bytes).raw(signature).u16(certificates.length);
  for (const certificate of certificates) writeCertificate(writer, certificate, n);
  return writer.finish();
}

/**
 * Decodes a proposal (L4.3) from untrusted bytes. Decodes the whole block, and refuses CERTIFICATE_UNRELATED for a
 * certificate that does not justify it. Does not verify signatures. `n` is the size of the epoch's validator set.
 * Refuses also MESSAGE_TOO_LARGE, TOO_MANY, ORDER_WRONG, and the codes of the block.
 */
export function decodeProposal(
  hasher: Hasher,
  networkId: Digest,
  n: number,
  bytes: Uint8Array,
  known?: KnownTransactions,
): Parsed<Proposal> {
  return attempt(() => {
    if (bytes.length > MAX_LANE_MESSAGE_BYTES)
      reject('MESSAGE_TOO_LARGE', '@0', `at most ${MAX_LANE_MESSAGE_BYTES} bytes`);
    const length = blockLength(bytes);
    const block = orReject(decodeBlock(hasher, networkId, bytes.subarray(0, length), known));
    const reader = new Reader(bytes);
    reader.raw(length);
    const signature = reader.raw(SIGNATURE_LENGTH);
    const certificates = readJustification(reader, block.header, n);
    reader.end();
    return { block, signature, certificates };
  });
}

// The block states its own size; decodeBlock checks magic and content.
function blockLength(bytes: Uint8Array): number {
  const reader = new Reader(bytes);
  reader.u32();
  const length = 8 + reader.u32();
  if (length > MAX_BLOCK_BYTES) reject('BLOCK_TOO_LARGE', '@4', `at most ${MAX_BLOCK_BYTES} bytes`);
  if (length > bytes.length) reject('TRUNCATED', '@4', `the block states ${length} bytes`);
  return length;
}

function readJustification(reader: Reader, header: BlockHeader, n: number): readonly Certificate[] {
  const countAt = reader.offset;
  const count = reader.u16();
  if (count > MAX_PROPOSAL_CERTIFICATES) reject('TOO_MANY', `@${countAt}`, `at most ${MAX_PROPOSAL_CERTIFICATES}`);
  const certificates: Certificate[] = [];
  for (let i = 0; i < count; i++) {
    const at = `@${reader.offset}`;
    const certificate = readCertificate(reader, n);
    if (!justifies(certificate, header))
      reject('CERTIFICATE_UNRELATED', at, "the parent's Notarize, then Skips of the views between");
    if (i > 0 && certificate.view <= certificates[i - 1]!.view) reject('ORDER_WRONG', at, 'views ascend');
    certificates.push(certificate);
  }
  return certificates;
}

// K3: the parent is notarised, every view between is skipped. A final parent (parentView 0) needs no certificate.
function justifies(certificate: Certificate, header: BlockHeader): boolean {
  const { epoch, view, kind, hash } = certificate;
  if (epoch !== header.epoch) return false;
  switch (kind) {
    case VOTE.notarize:
      return header.parentView > 0 && view === header.parentView && hash === header.previousHash;
    case VOTE.skip:
      return view > header.parentView && view < header.view;
    case VOTE.finalize:
      return false;
  }
}
