import { canonicalBytes, parsed, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import { KIND } from '@custos/core-execution';
import { eventHash, parseContext, parseEvent, type Context } from '@custos/core-epcis';
import type { Draft } from './drafts.js';

/** Random bytes of part 0 (L6.2): they salt what members know and the public does not. */
export type SaltSource = () => string;

export interface CaptureParts {
  readonly context: Json | undefined;
  readonly header?: JsonObject;
  readonly onError: 'rollback' | 'proceed';
  readonly events: readonly JsonObject[];
}

/** A `capture` transaction (L2.6): what holds for all events first, then a part for each. */
export function captureDraft({ context, header, onError, events }: CaptureParts, salt: SaltSource): Draft {
  const head: JsonObject = { context, header, onError, salt: salt() };
  return { kind: KIND.capture, parts: [head, ...events] };
}

/**
 * An event as it is signed: with an eventID, the CBV hash of its content if none came (L6.1). What is wrong
 * with it is said here, where the caller can still mend it, and leaves no trace on the chain.
 */
export function readyEvent(hasher: Hasher, json: Json, scope: Context, at: string): Parsed<JsonObject> {
  const event = parseEvent(json, scope, at);
  if (!event.ok) return event;
  const { source, eventID } = event.value;
  return parsed(eventID === undefined ? { ...source, eventID: eventHash(hasher, event.value, scope) } : source);
}

export function scopeOf(context: Json | undefined): Parsed<Context> {
  return parseContext(context);
}

export function partLength(event: JsonObject): number {
  return canonicalBytes(event).length;
}
