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

/** Encodes text as UTF-8. A lone surrogate becomes U+FFFD: check with {@link isWellFormed} where that matters. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The largest number of UTF-8 bytes that one UTF-16 code unit needs. */
const MOST_BYTES = 3;

/**
 * Writes the text into `target` at `offset` as UTF-8 and returns the offset behind it. Returns undefined, and writes
 * nothing, when three bytes for each code unit do not fit.
 */
export function utf8Into(text: string, target: Uint8Array, offset: number): number | undefined {
  if (offset + MOST_BYTES * text.length > target.length) return undefined;
  return offset + encoder.encodeInto(text, target.subarray(offset)).written;
}

/** Decodes bytes that are all below 128. */
export function ascii(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * Decodes UTF-8; a byte order mark stays in the text. Refuses UTF8_INVALID for overlong forms, encoded surrogates and
 * truncated sequences.
 */
export function parseUtf8(bytes: Uint8Array): Parsed<string> {
  try {
    return parsed(decoder.decode(bytes));
  } catch {
    return malformed('UTF8_INVALID', '@0', 'send valid UTF-8');
  }
}

/** Returns whether each surrogate is one of a pair, so that the text has a UTF-8 form (RFC 8785, 3.2.2.2). */
export function isWellFormed(text: string): boolean {
  // ES2024: every supported platform has it; the type library of the compile target does not declare it yet.
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
