import { parsed, utf8, type Json, type Malformed, type Parsed } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import { parseContext } from '../members/context.js';
import { openDocument } from '../documents/document.js';
import { parseEvent } from '../event.js';
import type { Context, EpcisEvent } from '../events.js';
import { ignoredNames, preHash } from './prehash.js';

/**
 * The event's identity by its content (CBV 2.0, 8.9): `ni:///sha-256;<hex>?ver=CBV2.0`. The same for every form of the same
 * event; it depends neither on eventID, recordTime and errorDeclaration nor on `ignored` members (`prefix:name`). `context`
 * is that of the document; the event's own is added here.
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

/** What {@link eventHash} hashes: for comparing with another implementation. */
export function eventPreHash(event: EpcisEvent, context: Context, ignored: readonly string[] = []): string {
  // The event was parsed, so its own context is right.
  const own = parseContext(event.source['@context'], '/@context', context);
  const scope = own.ok ? own.value : context;
  return preHash(event, scope, ignoredNames(ignored, scope));
}

/** An event of a document by its place, with its hash, or with what is wrong with it. */
export type HashedEvent =
  | { readonly at: string; readonly event: EpcisEvent; readonly hash: string }
  | { readonly at: string; readonly malformed: Malformed };

/** Every event of a document, of an answer to a query, or of one bare event. Refuses what is no such thing. */
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
