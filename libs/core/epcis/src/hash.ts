import { toHex, utf8 } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import { parseContext } from './context.js';
import type { Context, EpcisEvent } from './events.js';
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
  return `ni:///sha-256;${toHex(hasher.digest(utf8(text)))}?ver=CBV2.0`;
}

/** What {@link eventHash} hashes: for comparing with another implementation. */
export function eventPreHash(event: EpcisEvent, context: Context, ignored: readonly string[] = []): string {
  // The event was parsed, so its own context is right.
  const own = parseContext(event.source['@context'], '/@context', context);
  const scope = own.ok ? own.value : context;
  return preHash(event, scope, ignoredNames(ignored, scope));
}
