import {
  attempt,
  closedObjectOf,
  hexOf,
  listOf,
  objectOf,
  orReject,
  textOf,
  toHex,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import type { InclusionProof } from '@custos/core-merkle';
import { HEADER_LENGTH } from '@custos/core-finality';
import { inclusionJson, parseInclusion } from '../transactions/inclusion.js';
import {
  MAX_ANSWER_EVENTS,
  MAX_ANSWER_LEAVES,
  MAX_HEAD_BYTES,
  MAX_STATE_KEY_LENGTH,
  MAX_STATE_PROOF_BYTES,
} from '../limits.js';
import { PROVEN_HEADER_MEMBERS, provenHeaderJson, readProvenHeader, type ProvenHeader } from './proven-header.js';

/** One key of the state, with a proof of its value or of its absence (L7.2 c). */
export interface ProvenLeaf {
  readonly key: string;
  /** The value. Undefined when the state does not contain the key. */
  readonly value?: JsonObject;
  /** State proof under the bundle's stateRoot (L6.7). */
  readonly proof: Uint8Array;
}

/** One event without its document, with the proof that the chain contains it (L2.1, L7.4). */
export interface ProvenEvent {
  /** The part as the chain holds it. */
  readonly event: Json;
  /** The proof of the part under payloadRoot. Index 1 is the first event. */
  readonly part: InclusionProof;
  /** The head of the transaction with its signatures. */
  readonly head: Uint8Array;
  /** The proof of the head under transactionRoot. */
  readonly transaction: InclusionProof;
  /**
   * The header of the block that holds it with its proof under historyRoot. Undefined when it is the bundle's own
   * header.
   */
  readonly block?: { readonly header: Uint8Array; readonly history: InclusionProof };
}

/** An answer with its proofs: everything lies under one final header (L7). */
export interface AnswerBundle extends ProvenHeader {
  readonly leaves: readonly ProvenLeaf[];
  readonly events: readonly ProvenEvent[];
}

/**
 * Returns the JSON form of an answer: bytes as lower-case hex, values and events unchanged, an empty list of events
 * left out.
 */
export function answerJson(bundle: AnswerBundle): JsonObject {
  return {
    ...provenHeaderJson(bundle),
    leaves: bundle.leaves.map(({ key, value, proof }) => ({ key, value, proof: toHex(proof) })),
    events: bundle.events.length === 0 ? undefined : bundle.events.map(eventJson),
  };
}

function eventJson({ event, part, head, transaction, block }: ProvenEvent): JsonObject {
  return {
    event,
    part: inclusionJson(part),
    head: toHex(head),
    transaction: inclusionJson(transaction),
    block: block && { header: toHex(block.header), history: inclusionJson(block.history) },
  };
}

/**
 * Parses the JSON form of an answer from an untrusted source. Limits its size before anything is hashed. Does not check
 * whether it proves anything: {@link verifyAnswer} does.
 */
export function parseAnswer(json: Json): Parsed<AnswerBundle> {
  return attempt(() => {
    const document = closedObjectOf(json, '', [...PROVEN_HEADER_MEMBERS, 'leaves', 'events']);
    return {
      ...readProvenHeader(document, ''),
      leaves: listOf(document.leaves, '/leaves', MAX_ANSWER_LEAVES).map((item, i) => readLeaf(item, `/leaves/${i}`)),
      events: listOf(document.events ?? [], '/events', MAX_ANSWER_EVENTS).map((item, i) =>
        readEvent(item, `/events/${i}`),
      ),
    };
  });
}

function readLeaf(json: Json, field: string): ProvenLeaf {
  const { key, value, proof } = closedObjectOf(json, field, ['key', 'value', 'proof']);
  return {
    key: textOf(key, `${field}/key`, MAX_STATE_KEY_LENGTH),
    ...(value === undefined ? {} : { value: objectOf(value, `${field}/value`) }),
    proof: hexOf(proof, `${field}/proof`, MAX_STATE_PROOF_BYTES),
  };
}

function readEvent(json: Json, field: string): ProvenEvent {
  const members = closedObjectOf(json, field, ['event', 'part', 'head', 'transaction', 'block']);
  const block =
    members.block === undefined ? undefined : closedObjectOf(members.block, `${field}/block`, ['header', 'history']);
  return {
    event: objectOf(members.event, `${field}/event`),
    part: orReject(parseInclusion(members.part, `${field}/part`)),
    head: hexOf(members.head, `${field}/head`, MAX_HEAD_BYTES),
    transaction: orReject(parseInclusion(members.transaction, `${field}/transaction`)),
    ...(block && {
      block: {
        header: hexOf(block.header, `${field}/block/header`, HEADER_LENGTH),
        history: orReject(parseInclusion(block.history, `${field}/block/history`)),
      },
    }),
  };
}
