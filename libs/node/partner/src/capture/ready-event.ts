import { canonicalBytes, malformed, parsed, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { CLOCK_SKEW_MS, KIND } from '@custos/core-chain';
import type { Hasher } from '@custos/core-crypto';
import { findPersonal } from '@custos/core-custody';
import { eventHash, parseEvent, timeText, type Context, type EpcisEvent } from '@custos/core-epcis';
import type { OnError, PlannedDraft } from './drafts.js';
import { sealEvent, type SaltSource, type SealedEvent, type Secret } from './sealing.js';

/** An event as it is going to be signed. */
export interface ReadyEvent {
  /** JSON pointer of the event in its document. */
  readonly at: string;
  /** The part of the transaction, with its eventID. */
  readonly part: JsonObject & { readonly eventID: string };
  readonly event: EpcisEvent;
  /** L2.8: when it names persons, what the vault has to know. */
  readonly sealed?: SealedEvent;
  readonly secrets?: readonly Secret[];
}

/** What events are read by: whose hash, and by which clock. */
export interface EventReading {
  readonly hasher: Hasher;
  /** Members that the hash of an event leaves out. */
  readonly ignored?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Seals what names a person; without it that is refused. */
  readonly salt?: SaltSource;
}

/**
 * Reads an event and names it: by the CBV hash of its content if no eventID came (L6.1). What is wrong with it, or
 * must not stand on a chain, is said here, where the caller can still mend it.
 */
export function readyEvent(reading: EventReading, json: Json, scope: Context, at: string): Parsed<ReadyEvent> {
  const { hasher, now, ignored, salt } = reading;
  const result = parseEvent(json, scope, at);
  if (!result.ok) return result;
  const event = result.value;
  const { source, eventTime } = event;
  // T1: by the clock that signs; the law would refuse it for ever.
  const latest = now + CLOCK_SKEW_MS;
  if (eventTime > latest) return malformed('EVENT_IN_FUTURE', `${at}/eventTime`, `at most ${timeText(latest)}`);
  const clear = withoutPersons(source, at);
  if (clear.ok) {
    const { eventID = eventHash(hasher, event, scope, ignored) } = event;
    return parsed({ at, event, part: { ...source, eventID } });
  }
  if (!salt) return clear;
  const sealing = sealEvent({ hasher, salt }, event, scope, at, ignored);
  if (!sealing.ok) return sealing;
  const { sealed, secrets, event: read } = sealing.value;
  return parsed({ at, event: read, part: declaredOn(sealed.part, read), sealed, secrets });
}

/** A part with what the event declares of it, if anything. */
export function declaredOn(part: SealedEvent['part'], { source }: EpcisEvent): SealedEvent['part'] {
  const { errorDeclaration } = source;
  return errorDeclaration === undefined ? part : { ...part, errorDeclaration };
}

/** L2.8: what names a person is stopped before anybody signs it. */
export function withoutPersons(json: Json, at = ''): Parsed<undefined> {
  const personal = findPersonal(json, at);
  if (personal === undefined) return parsed(undefined);
  return malformed('PERSONAL_DATA', personal, 'leave it out: what names a person does not go on the chain');
}

export interface CaptureParts {
  readonly context: Json | undefined;
  readonly header?: JsonObject;
  readonly onError: OnError;
  readonly events: readonly ReadyEvent[];
}

/** A `capture` transaction (L2.6): what holds for all events first, then a part for each. */
export function captureDraft({ context, header, onError, events }: CaptureParts, salt: SaltSource): PlannedDraft {
  const head: JsonObject = { context, header, onError, salt: salt() };
  return {
    draft: { kind: KIND.capture, parts: [head, ...events.map(({ part }) => part)] },
    events: events.map(({ at, part }) => ({ at, eventID: part.eventID })),
  };
}

/** Bytes of the event's part. */
export function partLength({ part }: ReadyEvent): number {
  return canonicalBytes(part).length;
}
