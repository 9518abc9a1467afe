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

export interface ReceiptWarning {
  readonly code: string;
  /** State keys; an identifier as it came where no unit of the law is meant. */
  readonly units?: readonly string[];
  readonly facts?: Json;
}

/** The law's answer to one event, or to one transaction of another kind (eventIndex 0). */
export interface Receipt {
  readonly txId: Digest;
  readonly eventIndex: number;
  readonly outcome: 'accepted' | 'refused';
  /** Of the refusal; absent when accepted. */
  readonly code?: string;
  /** Of the refusal; absent when accepted. */
  readonly facts?: Json;
  readonly warnings: readonly ReceiptWarning[];
  /** Empty when refused. */
  readonly changes: readonly ReceiptChange[];
}

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
 * The leaf under receiptRoot: the receipt's canonical JSON (L3.2). Written once for a receipt, which is counted, hashed and
 * sent; no one changes the bytes.
 */
export function receiptLeaf(receipt: Receipt): Uint8Array {
  const known = LEAVES.get(receipt);
  if (known) return known;
  const leaf = canonicalBytes(receiptJson(receipt));
  LEAVES.set(receipt, leaf);
  return leaf;
}

/** L3.2: RFC 6962 root over the receipts of a block, in their order. */
export function receiptRoot(hasher: Hasher, receipts: readonly Receipt[]): Digest {
  return merkleRoot(hasher, receipts.map(receiptLeaf));
}

/**
 * The canonical JSON list that travels on the final lane (L4.6). May be over {@link MAX_RECEIPTS_BYTES}: whoever
 * builds a block stops before that.
 */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array {
  return utf8(`[${receipts.map((receipt) => canonicalJson(receiptJson(receipt))).join(',')}]`);
}

/** Total: takes the canonical list only, so that its leaves are the ones of receiptRoot. */
export function decodeReceipts(bytes: Uint8Array): Parsed<readonly Receipt[]> {
  return attempt(() => {
    if (bytes.length > MAX_RECEIPTS_BYTES) reject('RECEIPTS_TOO_LARGE', '@0', `at most ${MAX_RECEIPTS_BYTES} bytes`);
    const list = listOf(orReject(parseCanonicalJson(bytes)), '', MAX_BLOCK_RECEIPTS);
    return list.map((json, i) => readReceipt(json, `/${i}`));
  });
}

/** Total. `field` is where the receipt stands in its document. */
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

// Warnings may name what is no unit of the law, by a URI of any length: the list's bytes are the limit.
function namesOf(json: Json | undefined, field: string): readonly string[] {
  return textsOf(json, field, MAX_RECEIPT_ITEMS, MAX_RECEIPTS_BYTES);
}

function present(member: { readonly facts: Json | undefined }): { readonly facts?: Json } {
  return member.facts === undefined ? {} : { facts: member.facts };
}
