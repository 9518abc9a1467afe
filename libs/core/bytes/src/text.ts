import { malformed, parsed, type Parsed } from './malformed.js';

// The only two names of the web platform that the core uses; both are pure.
declare class TextEncoder {
  encode(text: string): Uint8Array;
  encodeInto(text: string, target: Uint8Array): { readonly written: number };
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A character of a text is at most so many bytes of UTF-8. */
const MOST_BYTES = 3;

/** Writes the text at `offset`; where it ends, or undefined when it might not fit: three bytes a character. */
export function utf8Into(text: string, target: Uint8Array, offset: number): number | undefined {
  if (offset + MOST_BYTES * text.length > target.length) return undefined;
  return offset + encoder.encodeInto(text, target.subarray(offset)).written;
}

/** The text of bytes that are all below 128. */
export function ascii(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Strict UTF-8: overlong forms, surrogates and truncated sequences are malformed, a BOM is a character. */
export function parseUtf8(bytes: Uint8Array): Parsed<string> {
  try {
    return parsed(decoder.decode(bytes));
  } catch {
    return malformed('UTF8_INVALID', '@0', 'send valid UTF-8');
  }
}

/** True when every surrogate has its other half, so that the text has a UTF-8 form (RFC 8785, 3.2.2.2). */
export function isWellFormed(text: string): boolean {
  // ES2024, which every platform of ours has; the library of our target does not name it yet.
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
