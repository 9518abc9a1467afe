import { attempt, concatBytes, orReject, Reader, reject, unreachable, Writer, type Parsed } from '@custos/core-bytes';
import {
  decodeCertificate,
  decodeFinalityRecord,
  decodeVote,
  encodeCertificate,
  encodeVote,
  type Certificate,
  type FinalityRecord,
  type Vote,
} from '@custos/core-finality';
import { MAX_LANE_MESSAGE_BYTES } from '../limits.js';

// L4.6: on a lane with several kinds of message, the first byte states the kind.

/** A message of a `final` lane (L4.6). Only its frame is decoded; the content has decoders of its own. */
export type FinalMessage =
  | { readonly type: 'block'; readonly bytes: Uint8Array }
  | { readonly type: 'receipts'; readonly height: number; readonly bytes: Uint8Array }
  | { readonly type: 'record'; readonly bytes: Uint8Array };

/** A message of a `votes` lane (L4.6), its content decoded. */
export type VotesMessage =
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly certificate: Certificate }
  | { readonly type: 'record'; readonly record: FinalityRecord; readonly bytes: Uint8Array };

const FINAL = { block: 1, receipts: 2, record: 3 } as const;
const VOTES = { vote: 1, certificate: 2, record: 3 } as const;

/**
 * Encodes a message of a `final` lane (L4.6).
 * @throws RangeError over MAX_LANE_MESSAGE_BYTES.
 */
export function encodeFinalMessage(message: FinalMessage): Uint8Array {
  switch (message.type) {
    case 'block':
    case 'record':
      return withinLimit(concatBytes(new Uint8Array([FINAL[message.type]]), message.bytes));
    case 'receipts': {
      const writer = new Writer(message.bytes.length + 9).u8(FINAL.receipts).u64(message.height);
      return withinLimit(writer.raw(message.bytes).finish());
    }
    default:
      return unreachable(message);
  }
}

/** Decodes the frame of a message of a `final` lane (L4.6). Refuses MESSAGE_TOO_LARGE and MESSAGE_UNKNOWN. */
export function decodeFinalMessage(bytes: Uint8Array): Parsed<FinalMessage> {
  return attempt(() => {
    const reader = openMessage(bytes);
    switch (reader.u8()) {
      case FINAL.block:
        return { type: 'block', bytes: reader.raw(reader.remaining) };
      case FINAL.receipts:
        return { type: 'receipts', height: reader.u64(), bytes: reader.raw(reader.remaining) };
      case FINAL.record:
        return { type: 'record', bytes: reader.raw(reader.remaining) };
      default:
        return reject('MESSAGE_UNKNOWN', '@0', 'send 1 (block), 2 (receipts) or 3 (finality record)');
    }
  });
}

/**
 * Encodes a message of a `votes` lane (L4.6). A record is passed as its encoded bytes. `n` is the size of the epoch's
 * validator set.
 * @throws RangeError over MAX_LANE_MESSAGE_BYTES.
 */
export function encodeVotesMessage(
  message:
    | Extract<VotesMessage, { readonly type: 'vote' | 'certificate' }>
    | { readonly type: 'record'; readonly bytes: Uint8Array },
  n: number,
): Uint8Array {
  const first = new Uint8Array([VOTES[message.type]]);
  switch (message.type) {
    case 'vote':
      return concatBytes(first, encodeVote(message.vote));
    case 'certificate':
      return concatBytes(first, encodeCertificate(message.certificate, n));
    case 'record':
      return withinLimit(concatBytes(first, message.bytes));
    default:
      return unreachable(message);
  }
}

/**
 * Decodes a message of a `votes` lane (L4.6) and its content. Verifies no signature. `n` is the size of the epoch's
 * validator set. Refuses MESSAGE_TOO_LARGE, MESSAGE_UNKNOWN, and the codes of the content.
 */
export function decodeVotesMessage(bytes: Uint8Array, n: number): Parsed<VotesMessage> {
  return attempt(() => {
    const reader = openMessage(bytes);
    const type = reader.u8();
    const rest = reader.raw(reader.remaining);
    switch (type) {
      case VOTES.vote:
        return { type: 'vote', vote: orReject(decodeVote(rest)) };
      case VOTES.certificate:
        return { type: 'certificate', certificate: orReject(decodeCertificate(rest, n)) };
      case VOTES.record:
        return { type: 'record', record: orReject(decodeFinalityRecord(rest, n)), bytes: rest };
      default:
        return reject('MESSAGE_UNKNOWN', '@0', 'send 1 (vote), 2 (certificate) or 3 (finality record)');
    }
  });
}

function openMessage(bytes: Uint8Array): Reader {
  if (bytes.length > MAX_LANE_MESSAGE_BYTES)
    reject('MESSAGE_TOO_LARGE', '@0', `at most ${MAX_LANE_MESSAGE_BYTES} bytes`);
  return new Reader(bytes);
}

function withinLimit(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_LANE_MESSAGE_BYTES) throw new RangeError(`a message of ${bytes.length} bytes`);
  return bytes;
}
