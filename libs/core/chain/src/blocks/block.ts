import { attempt, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import { plainHash, ZERO_DIGEST, type Digest, type Hasher } from '@custos/core-crypto';
import { HEADER_LENGTH } from '@custos/core-finality';
import { merkleRoot } from '@custos/core-merkle';
import { decodeHeader, encodeHeader, hashHeader, isClosing, type BlockHeader, type UnhashedHeader } from './header.js';
import { MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS, MAX_TRANSACTION_BYTES } from '../limits.js';
import { decodeTransaction } from '../transactions/transaction-codec.js';
import type { Transaction } from '../transactions/transaction.js';

/** The first four bytes of a block, "CUST" in ASCII (L3). */
export const BLOCK_MAGIC = 0x43555354;
/**
 * The length in bytes of a block without transactions: magic, size, header, count. A leader adds transactions to this.
 */
export const EMPTY_BLOCK_LENGTH = 4 + 4 + HEADER_LENGTH + 4;
/** The bytes that a transaction adds to a block besides its own: its length as a u32. */
export const TRANSACTION_FRAME_LENGTH = 4;

/** A decoded or built block (L3) with its bytes. */
export interface Block {
  /** The header. The hash of the block is `header.ownHash`. */
  readonly header: BlockHeader;
  readonly transactions: readonly Transaction[];
  readonly bytes: Uint8Array;
}

/** A look-up of a transaction that this process decoded before, by the hash of all its bytes (L2.3). */
export type KnownTransactions = (bytesHash: Digest) => Transaction | undefined;

/** L3.2: returns the RFC 6962 root over the heads with signatures. */
export function transactionRootOf(hasher: Hasher, transactions: readonly Transaction[]): Digest {
  return merkleRoot(
    hasher,
    transactions.map(({ headBytes }) => headBytes),
  );
}

/**
 * Encodes a block (L3) and hashes its header. The caller sets the header's transactionRoot, see
 * {@link transactionRootOf}.
 * @throws RangeError over MAX_BLOCK_BYTES or MAX_BLOCK_TRANSACTIONS.
 */
export function encodeBlock(hasher: Hasher, unhashed: UnhashedHeader, transactions: readonly Transaction[]): Block {
  const header = hashHeader(hasher, unhashed);
  const length = transactions.reduce(
    (sum, { bytes }) => sum + TRANSACTION_FRAME_LENGTH + bytes.length,
    EMPTY_BLOCK_LENGTH,
  );
  if (length > MAX_BLOCK_BYTES || transactions.length > MAX_BLOCK_TRANSACTIONS)
    throw new RangeError(`a block of ${length} bytes, ${transactions.length} transactions`);
  const writer = new Writer(length).u32(BLOCK_MAGIC).u32(length - 8);
  writer.raw(encodeHeader(header)).u32(transactions.length);
  for (const { bytes } of transactions) writer.sized(bytes);
  return { header, transactions, bytes: writer.finish() };
}

/**
 * Decodes a block (L3) from untrusted bytes. Recomputes ownHash and transactionRoot. Refuses NETWORK_WRONG for another
 * network, TRANSACTION_REPEATED for an id that occurs twice (L2.5), BLOCK_TOO_LARGE, MAGIC_WRONG, SIZE_WRONG, TOO_MANY,
 * TRANSACTION_ROOT_WRONG, and the codes of header and transaction. Execution checks signatures, windows, receipts and
 * state. `known` saves decoding a transaction that a tx lane delivered before.
 */
export function decodeBlock(
  hasher: Hasher,
  networkId: Digest,
  bytes: Uint8Array,
  known: KnownTransactions = () => undefined,
): Parsed<Block> {
  return attempt(() => {
    if (bytes.length > MAX_BLOCK_BYTES) reject('BLOCK_TOO_LARGE', '@0', `at most ${MAX_BLOCK_BYTES} bytes`);
    const reader = new Reader(bytes);
    if (reader.u32() !== BLOCK_MAGIC) reject('MAGIC_WRONG', '@0', 'a block begins with CUST');
    if (reader.u32() !== reader.remaining) reject('SIZE_WRONG', '@4', 'state the bytes that follow');
    const header = headerIn(hasher, reader);
    if (header.networkId !== networkId) reject('NETWORK_WRONG', '/networkId', `send blocks of ${networkId}`);
    const transactions = readTransactions(reader, hasher, networkId, known);
    reader.end();
    // K14: a closing block has no tree at all, not an empty one.
    const root = isClosing(header) && transactions.length === 0 ? ZERO_DIGEST : transactionRootOf(hasher, transactions);
    if (root !== header.transactionRoot)
      reject('TRANSACTION_ROOT_WRONG', '/transactionRoot', 'state the RFC 6962 root of the heads');
    return { header, transactions, bytes };
  });
}

// A refusal of the header names an offset within the header, which begins here after magic and size.
function headerIn(hasher: Hasher, reader: Reader): BlockHeader {
  const start = reader.offset;
  const result = decodeHeader(hasher, reader.raw(HEADER_LENGTH));
  if (result.ok) return result.value;
  const { code, field, fix } = result.malformed;
  return reject(code, field.startsWith('@') ? `@${start + Number(field.slice(1))}` : field, fix);
}

function readTransactions(
  reader: Reader,
  hasher: Hasher,
  networkId: Digest,
  known: KnownTransactions,
): readonly Transaction[] {
  const countAt = reader.offset;
  const count = reader.u32();
  if (count > MAX_BLOCK_TRANSACTIONS) reject('TOO_MANY', `@${countAt}`, `at most ${MAX_BLOCK_TRANSACTIONS}`);
  const transactions: Transaction[] = [];
  const ids = new Set<Digest>();
  for (let i = 0; i < count; i++) {
    const bytes = reader.sized(MAX_TRANSACTION_BYTES);
    const transaction = known(plainHash(hasher, bytes)) ?? decodeAt(hasher, networkId, bytes, i);
    // L2.5: an id earlier in this block.
    if (ids.has(transaction.id)) reject('TRANSACTION_REPEATED', `/transactions/${i}`, 'hold a transaction once');
    ids.add(transaction.id);
    transactions.push(transaction);
  }
  return transactions;
}

function decodeAt(hasher: Hasher, networkId: Digest, bytes: Uint8Array, index: number): Transaction {
  const result = decodeTransaction(hasher, networkId, bytes);
  if (result.ok) return result.value;
  const { code, field, fix } = result.malformed;
  return reject(code, `/transactions/${index}/${field}`, fix);
}
