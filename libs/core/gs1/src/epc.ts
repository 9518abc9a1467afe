import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { isWebUri, LENIENT_LINK, parseDigitalLink } from './digital-link.js';
import { isEpcUrn, parseEpcUrn } from './epc-urn.js';
import type { Captured, Identifier } from './identifier.js';
import { identifierOfElements } from './key-elements.js';
import { parseCn } from './unit-key.js';

export const CN_URN = 'urn:custos:cn:';

/** Far above the longest key in any form; a URI of another kind may be long, but not endless. */
export const MAX_EPC_LENGTH = 1_024;

/**
 * The identifier behind an EPC, EPC class, place, party or document of an event: EPC URN, Digital Link (also of older
 * editions), China's code, or any other URI, which becomes kind `other`. A link that names a GS1 key with a fault in it
 * (check digit, characters, order) is refused; one that names none may be anything.
 */
export function parseEpc(text: string): Parsed<Identifier> {
  const captured = parseCaptured(text);
  return captured.ok ? parsed(captured.value.identifier) : captured;
}

/** The same, with the captured form and, from a URN, the length of the company prefix. */
export function parseCaptured(text: string): Parsed<Captured> {
  if (text.length > MAX_EPC_LENGTH) return malformed('TOO_LONG', 'uri', `at most ${MAX_EPC_LENGTH} characters`);
  if (isEpcUrn(text)) return parseEpcUrn(text);
  if (isWebUri(text)) return fromLink(text);
  if (text.startsWith(CN_URN)) {
    const cn = parseCn(text.slice(CN_URN.length));
    return cn.ok ? parsed({ text, identifier: cn.value }) : cn;
  }
  if (isUri(text)) return parsed({ text, identifier: { kind: 'other', uri: text } });
  return malformed('URI_INVALID', 'uri', 'send an EPC URN, a GS1 Digital Link or another URI');
}

function fromLink(text: string): Parsed<Captured> {
  const elements = parseDigitalLink(text, LENIENT_LINK);
  if (!elements.ok) {
    return elements.malformed.code === 'KEY_MISSING'
      ? parsed({ text, identifier: { kind: 'other', uri: text } })
      : elements;
  }
  const identifier = identifierOfElements(elements.value);
  // A link whose key we do not track (a component, a service, a model) is a URI like any other.
  return parsed({ text, identifier: identifier.ok ? identifier.value : { kind: 'other', uri: text } });
}

/** A scheme (RFC 3986, 3.1), a colon and something behind it, without blanks and controls. */
export function isUri(text: string): boolean {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0x7f) return false;
    if (i < colon && !isSchemeCharacter(code, i)) return false;
  }
  return true;
}

function isSchemeCharacter(code: number, at: number): boolean {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) return true;
  if (at === 0) return false;
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
}
