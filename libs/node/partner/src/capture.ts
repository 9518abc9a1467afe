import type { Json, JsonObject, Malformed } from '@custos/core-bytes';
import { MAX_EVENTS, MAX_TRANSACTION_BYTES, type Receipt } from '@custos/core-chain';
import type { Hasher } from '@custos/core-crypto';
import { openDocument, timeText, type Context } from '@custos/core-epcis';
import { captureDraft, partLength, readyEvent, type SaltSource } from './capture-draft.js';
import type { Draft } from './drafts.js';
import type { JobPart, JobRow } from './outbox.js';

export type OnError = 'rollback' | 'proceed';

/** Bytes of one transaction that are not events: head, signature, part 0 with a generous context. */
const HEAD_ROOM = 32_768;
const EVENT_ROOM = MAX_TRANSACTION_BYTES - HEAD_ROOM;

/** What a document becomes: transactions to sign, and the events that will not be (proceed). */
export type CapturePlan =
  | { readonly drafts: readonly Draft[]; readonly rejected: readonly RejectedEvent[] }
  | { readonly malformed: Malformed }
  | { readonly tooLarge: string };

export type RejectedEvent = {
  /** JSON pointer of the event in its document. */
  readonly at: string;
  readonly code: string;
  readonly field: string;
  readonly fix: string;
};

/**
 * Plans a capture. `rollback`: the whole document is one transaction, or nothing. `proceed`: wrong events are
 * reported and the others go, as many to a transaction as fit.
 */
export function planCapture(hasher: Hasher, json: Json, onError: OnError, salt: SaltSource): CapturePlan {
  const opened = openDocument(json);
  if (!opened.ok) return { malformed: opened.malformed };
  const { context, scope, header, events } = opened.value;
  const { ready, rejected } = sortEvents(hasher, events, scope);
  if (onError === 'rollback' && rejected[0]) return { malformed: rejected[0] };
  const groups = groupEvents(ready);
  if (!groups) return { tooLarge: `one event has at most ${EVENT_ROOM} bytes` };
  if (onError === 'rollback' && groups.length > 1) {
    return { tooLarge: `with rollback, at most ${MAX_EVENTS} events and ${EVENT_ROOM} bytes; with proceed, more` };
  }
  return { drafts: groups.map((group) => captureDraft({ context, header, onError, events: group }, salt)), rejected };
}

function sortEvents(hasher: Hasher, events: readonly { readonly at: string; readonly json: Json }[], scope: Context) {
  const ready: JsonObject[] = [];
  const rejected: RejectedEvent[] = [];
  for (const { at, json } of events) {
    const event = readyEvent(hasher, json, scope, at);
    if (event.ok) ready.push(event.value);
    else rejected.push({ at, ...event.malformed });
  }
  return { ready, rejected };
}

/** In document order; undefined when one event alone is too large for any transaction. */
function groupEvents(events: readonly JsonObject[]): readonly (readonly JsonObject[])[] | undefined {
  const groups: JsonObject[][] = [];
  let room = 0;
  for (const event of events) {
    const length = partLength(event);
    if (length > EVENT_ROOM) return undefined;
    const last = groups.at(-1);
    if (last && length <= room && last.length < MAX_EVENTS) last.push(event);
    else groups.push([event]);
    room = (groups.at(-1)!.length === 1 ? EVENT_ROOM : room) - length;
  }
  return groups;
}

/** EPCIS 2.0.1, 12.6.2: what became of a capture. */
export interface CaptureJob {
  readonly captureID: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
  readonly running: boolean;
  readonly success: boolean;
  readonly captureErrorBehaviour: OnError;
  readonly errors: readonly JsonObject[];
}

/** `success` with `running` says: so far. rollback fails whole, proceed fails when any event did. */
export function captureJob({
  job,
  createdAt,
  onError,
  rejected,
  parts,
}: JobRow & { parts: readonly JobPart[] }): CaptureJob {
  const running = parts.some(({ status }) => status === 'pending');
  const refusals = parts.flatMap(({ settled }) =>
    (settled?.receipts ?? []).filter(({ outcome }) => outcome === 'refused'),
  );
  const errors = [...rejected.map((problem) => errorOf(problem as RejectedEvent)), ...refusals.map(refusalError)];
  const times = parts.map(({ settled }) => settled?.blockTime ?? createdAt);
  return {
    captureID: job,
    createdAt: timeText(createdAt),
    ...(running ? {} : { finishedAt: timeText(Math.max(createdAt, ...times)) }),
    running,
    success: errors.length === 0,
    captureErrorBehaviour: onError,
    errors,
  };
}

function errorOf({ at, code, field, fix }: RejectedEvent): JsonObject {
  return { type: 'epcisException:ValidationException', title: code, status: 400, detail: fix, field, event: at };
}

function refusalError({ code, facts, eventIndex, txId }: Receipt): JsonObject {
  return {
    type: 'epcisException:ValidationException',
    title: code!,
    status: 409,
    facts,
    event: `/events/${eventIndex}`,
    transaction: txId,
  };
}
