import { attempt, malformed, parsed, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import { digestBytes, readDigest, taggedHash, ZERO_DIGEST, type Digest, type Hasher } from '@custos/core-crypto';
import { HEADER_LENGTH } from '@custos/core-finality';

/** The version of the byte format and of the law that executes it (L0). */
export const HEADER_VERSION = 1;

/** The header of a block (L3), 296 bytes when encoded. */
export interface BlockHeader {
  readonly version: number;
  readonly networkId: Digest;
  readonly epoch: number;
  readonly view: number;
  readonly height: number;
  /** View of the parent block; 0 when the parent is block 0 or the last of an epoch (K14). */
  readonly parentView: number;
  /** ownHash of the parent block. */
  readonly previousHash: Digest;
  readonly transactionRoot: Digest;
  readonly receiptRoot: Digest;
  /** Root of the state after this block (L6). */
  readonly stateRoot: Digest;
  /** RFC 6962 root over the ownHashes of all earlier blocks: a tree of `height` leaves (L3.2). */
  readonly historyRoot: Digest;
  /** Milliseconds since 1970; strictly greater than the parent's (L3.5). */
  readonly timestamp: number;
  /** Index into the epoch's validator set. */
  readonly proposer: number;
  /**
   * Hash of the next epoch's validator list in block 0, in an epoch's last block and in its closing blocks; else zero
   * (L3.3).
   */
  readonly nextValidatorsHash: Digest;
  /** `H('custos/block/1', header without ownHash)` (L3.1). It is the block's hash in votes and in all other places. */
  readonly ownHash: Digest;
}

/** A header before its ownHash is computed. */
export type UnhashedHeader = Omit<BlockHeader, 'ownHash'>;

const UNHASHED_LENGTH = HEADER_LENGTH - 32;

/**
 * Computes the ownHash (L3.1) and returns the whole header.
 * @throws RangeError for a number that does not fit its bytes.
 */
export function hashHeader(hasher: Hasher, header: UnhashedHeader): BlockHeader {
  const ownHash = taggedHash(hasher, 'custos/block/1', writeUnhashed(new Writer(UNHASHED_LENGTH), header).finish());
  return { ...header, ownHash };
}

/**
 * Encodes a header in HEADER_LENGTH bytes (L3). Does not recompute its ownHash.
 * @throws RangeError for a number that does not fit its bytes.
 */
export function encodeHeader(header: BlockHeader): Uint8Array {
  return writeUnhashed(new Writer(HEADER_LENGTH), header).raw(digestBytes(header.ownHash)).finish();
}

function writeUnhashed(writer: Writer, header: UnhashedHeader): Writer {
  return writer
    .u16(header.version)
    .raw(digestBytes(header.networkId))
    .u32(header.epoch)
    .u64(header.view)
    .u64(header.height)
    .u64(header.parentView)
    .raw(digestBytes(header.previousHash))
    .raw(digestBytes(header.transactionRoot))
    .raw(digestBytes(header.receiptRoot))
    .raw(digestBytes(header.stateRoot))
    .raw(digestBytes(header.historyRoot))
    .u64(header.timestamp)
    .u16(header.proposer)
    .raw(digestBytes(header.nextValidatorsHash));
}

/**
 * Decodes a header (L3) and recomputes its ownHash (L3.1). Refuses SIZE_WRONG, VERSION_UNKNOWN and OWN_HASH_WRONG. Does
 * not compare the network id: {@link decodeBlock} and the light client do.
 */
export function decodeHeader(hasher: Hasher, bytes: Uint8Array): Parsed<BlockHeader> {
  return attempt(() => {
    if (bytes.length !== HEADER_LENGTH) reject('SIZE_WRONG', '@0', `a header has ${HEADER_LENGTH} bytes`);
    const reader = new Reader(bytes);
    const version = reader.u16();
    if (version !== HEADER_VERSION) reject('VERSION_UNKNOWN', '@0', `send version ${HEADER_VERSION}`);
    const header: BlockHeader = {
      version,
      networkId: readDigest(reader),
      epoch: reader.u32(),
      view: reader.u64(),
      height: reader.u64(),
      parentView: reader.u64(),
      previousHash: readDigest(reader),
      transactionRoot: readDigest(reader),
      receiptRoot: readDigest(reader),
      stateRoot: readDigest(reader),
      historyRoot: readDigest(reader),
      timestamp: reader.u64(),
      proposer: reader.u16(),
      nextValidatorsHash: readDigest(reader),
      ownHash: readDigest(reader),
    };
    if (taggedHash(hasher, 'custos/block/1', bytes.subarray(0, UNHASHED_LENGTH)) !== header.ownHash)
      reject('OWN_HASH_WRONG', `@${UNHASHED_LENGTH}`, 'state the hash of the header before it');
    return header;
  });
}

/**
 * K14: reports whether this is the header of a closing block, which only lets an epoch's last block become final and
 * never enters the chain.
 */
export function isClosing(header: UnhashedHeader): boolean {
  return header.transactionRoot === ZERO_DIGEST && header.receiptRoot === ZERO_DIGEST;
}

/**
 * Checks whether `header` may extend `parent`: network, height, link and time (L3, L3.5), and the order of views within
 * the epoch. Other code checks roots, certificates and the clock. For blocks only; a closing block keeps the height of
 * its parent. Refuses NETWORK_WRONG, PREVIOUS_HASH_WRONG, HEIGHT_WRONG, TIMESTAMP_WRONG, EPOCH_WRONG, PARENT_VIEW_WRONG
 * and VIEW_WRONG.
 */
export function checkParent(header: BlockHeader, parent: BlockHeader): Parsed<BlockHeader> {
  if (header.networkId !== parent.networkId) return malformed('NETWORK_WRONG', '/networkId', 'stay in the network');
  if (header.previousHash !== parent.ownHash)
    return malformed('PREVIOUS_HASH_WRONG', '/previousHash', `extend ${parent.ownHash}`);
  if (header.height !== parent.height + 1) return malformed('HEIGHT_WRONG', '/height', `state ${parent.height + 1}`);
  if (header.timestamp <= parent.timestamp)
    return malformed('TIMESTAMP_WRONG', '/timestamp', `be later than ${parent.timestamp}`);
  // K14: an epoch's first block extends the last block of the epoch before, which is final: parentView 0, view 1 or
  // higher.
  const parentView = header.epoch === parent.epoch ? parent.view : 0;
  if (header.epoch !== parent.epoch && header.epoch !== parent.epoch + 1)
    return malformed('EPOCH_WRONG', '/epoch', 'stay in the epoch or begin the next');
  if (header.parentView !== parentView) return malformed('PARENT_VIEW_WRONG', '/parentView', `state ${parentView}`);
  if (header.view <= parentView) return malformed('VIEW_WRONG', '/view', `be above view ${parentView}`);
  return parsed(header);
}
