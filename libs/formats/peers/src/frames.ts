import { attempt, Reader, Writer, type Parsed } from '@custos/core-bytes';
import { MAX_LANE_MESSAGE_BYTES } from '@custos/core-chain';

/** Encodes lane messages as one HTTP body: for each, its length in four bytes, then the message. */
export function encodeFrames(messages: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const message of messages) length += 4 + message.length;
  const writer = new Writer(length);
  for (const message of messages) writer.sized(message);
  return writer.finish();
}

/**
 * Decodes the body of {@link encodeFrames}; the messages are views of `bytes`. Refuses TRUNCATED, and TOO_LONG for a
 * message above `MAX_LANE_MESSAGE_BYTES`.
 */
export function decodeFrames(bytes: Uint8Array): Parsed<readonly Uint8Array[]> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const messages: Uint8Array[] = [];
    while (reader.remaining > 0) messages.push(reader.sized(MAX_LANE_MESSAGE_BYTES));
    return messages;
  });
}
