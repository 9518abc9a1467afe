import { digestAt } from '@custos/core-crypto';
import {
  attempt,
  canonicalBytes,
  canonicalJson,
  closedObjectOf,
  integerOf,
  listOf,
  objectOf,
  orReject,
  parseCanonicalJson,
  reject,
  textOf,
  textsOf,
  utf8,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import type { Digest, Hasher } from '@custos/core-crypto';
import type { ReceiptChange } from '@custos/core-state';
import { merkleRoot } from '@custos/core-merkle';
import { MAX_BLOCK_RECEIPTS, MAX_CODE_LENGTH, MAX_EVENTS, MAX_RECEIPT_ITEMS, MAX_RECEIPTS_BYTES } from '../limits.js';

/** A warning of the law about an event that it accepted or refused (L5.2). */
interface ReceiptWarning {
  readonly code: string;
  /** State keys of units, or an identifier as it was sent where it is no unit of the law. */
  readonly units?: readonly string[];
  readonly facts?: Json;
}

/** The result of one event, or of one transaction of another kind with eventIndex 0 (L5.2). */
export interface Receipt {
  readonly txId: Digest;
  readonly eventIndex: number;
  readonly outcome: 'accepted' | 'refused';
  /** Present when refused only. */
  readonly code?: string;
  /** Present when refused only. */
  readonly facts?: Json;
  readonly warnings: readonly ReceiptWarning[];
  /** Empty when refused. */
  readonly changes: readonly ReceiptChange[];
}

/** Returns the JSON form of a receipt (L5.2). */
export function receiptJson(receipt: Receipt): JsonObject {
  const { txId, eventIndex, outcome, code, facts, warnings, changes } = receipt;
  return {
    txId,
    eventIndex,
    outcome,
    code,
    facts,
    warnings: warnings.map(({ code, units, facts }) => ({ code, units, facts })),
    changes: changes.map(({ keys, set }) => ({ keys, set })),
  };
}

const LEAVES = new WeakMap<Receipt, Uint8Array>();

/**
 * Returns the leaf of a receipt under receiptRoot: its canonical JSON (L3.2). The bytes are cached for each receipt
 * object, because a receipt is measured, hashed and sent; callers must not change them.
 */
export function receiptLeaf(receipt: Receipt): Uint8Array {
  const known = LEAVES.get(receipt);
  if (known) return known;
  const leaf = canonicalBytes(receiptJson(receipt));
  LEAVES.set(receipt, leaf);
  return leaf;
}

/** L3.2: returns the RFC 6962 root over the receipts of a block, in their order. */
export function receiptRoot(hasher: Hasher, receipts: readonly Receipt[]): Digest {
  return merkleRoot(hasher, receipts.map(receiptLeaf));
}

/**
 * Encodes the canonical JSON list of a `receipts` message on the final lane (L4.6). The result may exceed
 * {@link MAX_RECEIPTS_BYTES}; the builder of a block stops before that.
 */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array {
  return utf8(`[${receipts.map((receipt) => canonicalJson(receiptJson(receipt))).join(',')}]`);
}

/**
 * Decodes a list of receipts. Refuses all but canonical JSON (JSON_NOT_CANONICAL), so that its leaves are those of
 * receiptRoot. Refuses RECEIPTS_TOO_LARGE, RECEIPT_INVALID, OUTCOME_UNKNOWN, and the codes of the field readers.
 */
export function decodeReceipts(bytes: Uint8Array): Parsed<readonly Receipt[]> {
  return attempt(() => {
    if (bytes.length > MAX_RECEIPTS_BYTES) reject('RECEIPTS_TOO_LARGE', '@0', `at most ${MAX_RECEIPTS_BYTES} bytes`);
    const list = listOf(orReject(parseCanonicalJson(bytes)), '', MAX_BLOCK_RECEIPTS);
    return list.map((json, i) => readReceipt(json, `/${i}`));
  });
}

/**
 * Parses the JSON form of a receipt. `field` is its JSON pointer. Refuses RECEIPT_INVALID, OUTCOME_UNKNOWN, and the
 * codes of the field readers.
 */
export function parseReceipt(json: Json | undefined, field: string): Parsed<Receipt> {
  return attempt(() => readReceipt(json, field));
}

const MEMBERS = ['txId', 'eventIndex', 'outcome', 'code', 'facts', 'warnings', 'changes'] as const;

function readReceipt(json: Json | undefined, field: string): Receipt {
  const { txId, eventIndex, outcome, code, facts, warnings, changes } = closedObjectOf(json, field, MEMBERS);
  const receipt = {
    txId: digestAt(txId, `${field}/txId`),
    eventIndex: integerOf(eventIndex, `${field}/eventIndex`, 0, MAX_EVENTS - 1),
    warnings: listOf(warnings, `${field}/warnings`, MAX_RECEIPT_ITEMS).map((item, i) =>
      readWarning(item, `${field}/warnings/${i}`),
    ),
    changes: listOf(changes, `${field}/changes`, MAX_RECEIPT_ITEMS).map((item, i) =>
      readChange(item, `${field}/changes/${i}`),
    ),
  };
  switch (outcome) {
    case 'accepted':
      if (code !== undefined || facts !== undefined) reject('RECEIPT_INVALID', field, 'only a refusal has a code');
      return { ...receipt, outcome };
    case 'refused':
      if (receipt.changes.length > 0) reject('RECEIPT_INVALID', field, 'a refusal changes nothing');
      return { ...receipt, outcome, code: textOf(code, `${field}/code`, MAX_CODE_LENGTH), ...present({ facts }) };
    default:
      return reject('OUTCOME_UNKNOWN', `${field}/outcome`, 'send accepted or refused');
  }
}

function readWarning(json: Json, field: string): ReceiptWarning {
  const { code, units, facts } = closedObjectOf(json, field, ['code', 'units', 'facts']);
  return {
    code: textOf(code, `${field}/code`, MAX_CODE_LENGTH),
    ...(units === undefined ? {} : { units: namesOf(units, `${field}/units`) }),
    ...present({ facts }),
  };
}

function readChange(json: Json, field: string): ReceiptChange {
  const { keys, set } = closedObjectOf(json, field, ['keys', 'set']);
  return { keys: namesOf(keys, `${field}/keys`), set: objectOf(set, `${field}/set`) };
}

// A warning may name a URI of any length that is no unit of the law. The total length of the receipts limits it.
function namesOf(json: Json | undefined, field: string): readonly string[] {
  return textsOf(json, field, MAX_RECEIPT_ITEMS, MAX_RECEIPTS_BYTES);
}

function present(member: { readonly facts: Json | undefined }): { readonly facts?: Json } {
  return member.facts === undefined ? {} : { facts: member.facts };
}
