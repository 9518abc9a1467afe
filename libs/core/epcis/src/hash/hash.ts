import { parsed, utf8, type Json, type Malformed, type Parsed } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import { parseContext } from '../members/context.js';
import { openDocument } from '../documents/document.js';
import { parseEvent } from '../event.js';
import type { Context, EpcisEvent } from '../events.js';
import { ignoredNames, preHash } from './prehash.js';

/**
 * Computes the hash of an event (CBV 2.0, 8.9): `ni:///sha-256;<hex>?ver=CBV2.0`. All forms of one event have one hash.
 * It depends neither on eventID, recordTime and errorDeclaration nor on the members `ignored` (`prefix:name`).
 * `context` is that of the document; that of the event is added here.
 */
export function eventHash(
  hasher: Hasher,
  event: EpcisEvent,
  context: Context,
  ignored: readonly string[] = [],
): string {
  const text = eventPreHash(event, context, ignored);
  return `ni:///sha-256;${hasher.digestHex(utf8(text))}?ver=CBV2.0`;
}

/** Returns the text that {@link eventHash} hashes, to compare it with other implementations. */
export function eventPreHash(event: EpcisEvent, context: Context, ignored: readonly string[] = []): string {
  // The event was parsed, so its own context is valid.
  const own = parseContext(event.source['@context'], '/@context', context);
  const scope = own.ok ? own.value : context;
  return preHash(event, scope, ignoredNames(ignored, scope));
}

/** An event of a document at the JSON pointer `at`, with its hash or its refusal. */
export type HashedEvent =
  | { readonly at: string; readonly event: EpcisEvent; readonly hash: string }
  | { readonly at: string; readonly malformed: Malformed };

/**
 * Hashes every event of a document, of a query result, or one bare event. Refuses MALFORMED_EVENT for any other JSON; a
 * malformed event does not affect the others.
 */
export function hashDocument(hasher: Hasher, json: Json): Parsed<readonly HashedEvent[]> {
  const opened = openDocument(json);
  if (!opened.ok) return opened;
  const { scope, events, ignored } = opened.value;
  const hashed = events.map(({ at, json: source }): HashedEvent => {
    const event = parseEvent(source, scope, at);
    if (!event.ok) return { at, malformed: event.malformed };
    return { at, event: event.value, hash: eventHash(hasher, event.value, scope, ignored) };
  });
  return parsed(hashed);
}
