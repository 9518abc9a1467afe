import { malformed, parsed, type Parsed } from './malformed.js';

// The only two names of the web platform that the core uses; both are pure.
declare class TextEncoder {
  encode(text: string): Uint8Array;
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
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    i++;
  }
  return true;
}
