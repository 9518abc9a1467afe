import { attempt, Reader, Writer, type Parsed } from '@custos/core-bytes';
import { MAX_MESSAGE_BYTES } from '@custos/shell-lanes';

/** Lane messages one after another in an HTTP body: each a length of four bytes, then the message. */
export function encodeFrames(messages: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const message of messages) length += 4 + message.length;
  const writer = new Writer(length);
  for (const message of messages) writer.sized(message);
  return writer.finish();
}

/** Total. The messages are views of `bytes`. */
export function decodeFrames(bytes: Uint8Array): Parsed<readonly Uint8Array[]> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const messages: Uint8Array[] = [];
    while (reader.remaining > 0) messages.push(reader.sized(MAX_MESSAGE_BYTES));
    return messages;
  });
}
