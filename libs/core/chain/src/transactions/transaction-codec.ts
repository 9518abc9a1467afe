import { attempt, parseCanonicalJson, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import {
  DIGEST_LENGTH,
  digestBytes,
  plainHash,
  readDigest,
  SIGNATURE_LENGTH,
  type Digest,
  type Hasher,
} from '@custos/core-crypto';
import { merkleRoot } from '@custos/core-merkle';
import { MAX_LIFE_MS, MAX_PARTS, MAX_SIGNERS, MAX_TRANSACTION_BYTES } from '../limits.js';
import {
  KIND,
  LAST_KIND,
  TRANSACTION_VERSION,
  transactionIdOf,
  type Transaction,
  type TransactionHead,
} from './transaction.js';

/**
 * Decodes a transaction (L2.1) from untrusted bytes. Checks the whole envelope (L5.1): lengths, order, life
 * (LIFE_INVALID), canonical JSON of each part (L2.4), payloadRoot (PAYLOAD_ROOT_WRONG). Does not verify signatures
 * (`transactionChecks`) or read the content of the parts. The result holds views into `bytes`, which must not change
 * afterwards.
 */
export function decodeTransaction(hasher: Hasher, networkId: Digest, bytes: Uint8Array): Parsed<Transaction> {
  return attempt(() => {
    if (bytes.length > MAX_TRANSACTION_BYTES)
      reject('TRANSACTION_TOO_LARGE', '@0', `at most ${MAX_TRANSACTION_BYTES} bytes`);
    const reader = new Reader(bytes);
    const head = readHead(reader);
    const headBytes = bytes.subarray(0, reader.offset);
    const parts: Uint8Array[] = [];
    for (let i = 0; i < head.partCount; i++) parts.push(readPart(reader, i));
    reader.end();
    if (merkleRoot(hasher, parts) !== head.payloadRoot)
      reject('PAYLOAD_ROOT_WRONG', '/payloadRoot', 'state the RFC 6962 root of the parts');
    const unsigned = unsignedPart(headBytes, head.keyIds.length);
    const id = transactionIdOf(hasher, networkId, unsigned);
    return { head, parts, id, bytes, bytesHash: plainHash(hasher, bytes), headBytes };
  });
}

/**
 * Decodes a head with signatures, as a light client receives it (L7.2). Refuses the faults of a head that
 * {@link decodeTransaction} refuses.
 */
export function decodeHead(bytes: Uint8Array): Parsed<TransactionHead> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const head = readHead(reader);
    reader.end();
    return head;
  });
}

/** Returns the signed bytes: the head without its signatures (L2.2). */
export function unsignedPart(headBytes: Uint8Array, signers: number): Uint8Array {
  return headBytes.subarray(0, headBytes.length - SIGNATURE_LENGTH * signers);
}

function readHead(reader: Reader): TransactionHead {
  if (reader.u8() !== TRANSACTION_VERSION) reject('VERSION_UNKNOWN', '@0', `send version ${TRANSACTION_VERSION}`);
  const kind = reader.u8();
  if (kind < 1 || kind > LAST_KIND) reject('KIND_UNKNOWN', '@1', `send a kind from 1 to ${LAST_KIND}`);
  const keyIds = readSigners(reader, kind);
  const createdAt = reader.u64();
  const expiresAt = reader.u64();
  const life = expiresAt - createdAt;
  if (life <= 0 || life > MAX_LIFE_MS)
    reject('LIFE_INVALID', '/expiresAt', `expire within ${MAX_LIFE_MS} ms of creation`);
  const partCount = readPartCount(reader, kind);
  const payloadRoot = readDigest(reader);
  const signatures = keyIds.map(() => reader.raw(SIGNATURE_LENGTH));
  return { version: TRANSACTION_VERSION, kind, keyIds, createdAt, expiresAt, partCount, payloadRoot, signatures };
}

// L2.2: 1 to 32 signers, a capture exactly 1.
function readSigners(reader: Reader, kind: number): readonly Digest[] {
  const at = reader.offset;
  const count = reader.u8();
  const most = kind === KIND.capture ? 1 : MAX_SIGNERS;
  if (count < 1 || count > most) reject('SIGNER_COUNT', `@${at}`, `1 to ${most} signers`);
  const keyIds: Digest[] = [];
  for (let i = 0; i < count; i++) {
    const keyId = readDigest(reader);
    if (i > 0 && keyId <= keyIds[i - 1]!)
      reject('SIGNERS_OUT_OF_ORDER', `/keyIds/${i}`, 'key ids ascend and do not repeat');
    keyIds.push(keyId);
  }
  return keyIds;
}

// L2.6: a capture has part 0 and one part per event, every other kind one part.
function readPartCount(reader: Reader, kind: number): number {
  const at = reader.offset;
  const count = reader.u16();
  const [least, most] = kind === KIND.capture ? [2, MAX_PARTS] : [1, 1];
  if (count < least || count > most) reject('PART_COUNT', `@${at}`, `${least} to ${most} parts for kind ${kind}`);
  return count;
}

function readPart(reader: Reader, index: number): Uint8Array {
  const part = reader.sized(MAX_TRANSACTION_BYTES);
  const json = parseCanonicalJson(part);
  if (!json.ok) reject(json.malformed.code, `/parts/${index}${pointer(json.malformed.field)}`, json.malformed.fix);
  return part;
}

// An offset within a part follows its JSON pointer.
function pointer(field: string): string {
  return field === '' || field.startsWith('/') ? field : `/${field}`;
}

/** The members of a head that its signers choose: all but version and signatures. */
export type UnsignedHead = Omit<TransactionHead, 'version' | 'signatures'>;

/**
 * Encodes the head without signatures, which the signers sign (L2.1, L2.2).
 * @throws RangeError for a number that does not fit its bytes.
 */
export function encodeUnsignedHead(head: UnsignedHead): Uint8Array {
  const { kind, keyIds, createdAt, expiresAt, partCount, payloadRoot } = head;
  const writer = new Writer(53 + DIGEST_LENGTH * keyIds.length);
  writer.u8(TRANSACTION_VERSION).u8(kind).u8(keyIds.length);
  for (const keyId of keyIds) writer.raw(digestBytes(keyId));
  return writer.u64(createdAt).u64(expiresAt).u16(partCount).raw(digestBytes(payloadRoot)).finish();
}
