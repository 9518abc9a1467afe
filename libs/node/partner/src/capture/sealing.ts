import {
  canonicalBytes,
  fromHex,
  malformed,
  parsed,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import { sealedValue, type Hasher } from '@custos/core-crypto';
import { findPersonal, sealPersonal } from '@custos/core-custody';
import { eventHash, parseEvent, type Context, type EpcisEvent } from '@custos/core-epcis';

// L2.8: what names a person goes on the chain as a seal; the value stays in the vault of the organisation.

/** A value behind a seal, with what opens it. */
export interface Secret {
  readonly seal: string;
  /** 32 bytes in hex. */
  readonly salt: string;
  readonly value: Json;
}

/** An event of a person: how its owner knows it, and how the chain does. */
export interface SealedEvent {
  /** Of the event as it came, without what is declared of it: sent again, it is the same on the chain. */
  readonly contentHash: string;
  /** Its own id, else the hash of its content: off the chain, where the content could be guessed by it. */
  readonly clientId: string;
  /** The part of the transaction, without what is declared of it. */
  readonly part: JsonObject & { readonly eventID: string };
}

/** Random bytes of part 0 (L6.2): they salt what members know and the public does not. */
export type SaltSource = () => string;

export interface Sealing {
  readonly hasher: Hasher;
  readonly salt: SaltSource;
}

/** A copy with every value that names a person sealed, and what the seals hide. */
export function sealJson(
  { hasher, salt }: Sealing,
  json: Json,
): { readonly json: Json; readonly secrets: readonly Secret[] } {
  const secrets: Secret[] = [];
  const sealed = sealPersonal(json, (value) => {
    const grain = salt();
    const seal = sealedValue(hasher, fromHex(grain)!, value);
    secrets.push({ seal, salt: grain, value });
    return seal;
  });
  return { json: sealed, secrets };
}

export interface SealedReading {
  readonly sealed: SealedEvent;
  readonly secrets: readonly Secret[];
  /** As the chain reads it, with what is declared of it. */
  readonly event: EpcisEvent;
}

/** Seals an event and names it by the hash of what is left. Refused when nothing readable would be left. */
export function sealEvent(
  sealing: Sealing,
  clear: EpcisEvent,
  scope: Context,
  at: string,
  ignored: readonly string[] = [],
): Parsed<SealedReading> {
  const { hasher } = sealing;
  const { source, eventID: clientId = eventHash(hasher, clear, scope, ignored) } = clear;
  const { errorDeclaration, ...content } = source;
  const { eventID: _own, ...unnamed } = content;
  const { json, secrets } = sealJson(sealing, unnamed);
  const declared = errorDeclaration === undefined ? undefined : sealJson(sealing, errorDeclaration);
  const withDeclaration = { ...(json as JsonObject), ...(declared && { errorDeclaration: declared.json }) };
  const event = parseEvent(withDeclaration, scope, at);
  if (!event.ok)
    return malformed('PERSONAL_DATA', findPersonal(source, at) ?? at, 'leave it out: no seal may stand there');
  const part = { ...(json as JsonObject), eventID: eventHash(hasher, event.value, scope, ignored) };
  return parsed({
    sealed: {
      contentHash: hasher.digestHex(canonicalBytes(content)),
      clientId,
      part,
    },
    secrets: [...secrets, ...(declared?.secrets ?? [])],
    event: event.value,
  });
}
