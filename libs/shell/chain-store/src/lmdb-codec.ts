import { Reader, Writer, type Json } from '@custos/core-bytes';
import { digestBytes, digestOf, type Digest } from '@custos/core-crypto';
import type { Entry } from '@custos/core-state';
import type { ChainHead, PreviousEntry, RecordRow, TransactionRow } from './ports.js';

// The rows of our own disk: not attacker bytes, and no format of LEDGER. A row that does not decode is a broken
// disk and throws. JSON.parse and JSON.stringify keep every value that canonical JSON can hold.

function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

function decodeJson(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Json;
}

/** Encodes an entry. */
export const encodeEntry = (entry: Entry): Uint8Array => encodeJson(entry);
/** Decodes an entry. */
export const decodeEntry = (bytes: Uint8Array): Entry => decodeJson(bytes) as Entry;

/** Encodes the head. */
export const encodeHead = (head: ChainHead): Uint8Array => encodeJson(head);
/** Decodes the head. */
export const decodeHead = (bytes: Uint8Array): ChainHead => decodeJson(bytes) as ChainHead;

/** Encodes positions of lanes. */
export const encodePositions = (positions: ReadonlyMap<string, string>): Uint8Array => encodeJson([...positions]);
/** Decodes positions of lanes. */
export const decodePositions = (bytes: Uint8Array): ReadonlyMap<string, string> =>
  new Map(decodeJson(bytes) as readonly [string, string][]);

/** Encodes the entries that a block overwrote. */
export function encodePrevious(rows: readonly PreviousEntry[]): Uint8Array {
  return encodeJson(rows.map(({ key, before }) => (before ? [key, before] : [key])));
}

/** Decodes the entries that a block overwrote. */
export function decodePrevious(bytes: Uint8Array): readonly PreviousEntry[] {
  return (decodeJson(bytes) as readonly [string, Entry?][]).map(([key, before]) => ({ key, before }));
}

/** Encodes a finality record with its first height. */
export function encodeRecord(from: number, record: Uint8Array): Uint8Array {
  return new Writer(8 + record.length).u64(from).raw(record).finish();
}

/** Decodes a finality record with its first height. */
export function decodeRecord(to: number, row: Uint8Array): RecordRow {
  const reader = new Reader(row);
  return { from: reader.u64(), to, bytes: reader.raw(reader.remaining) };
}

/** Encodes the ids of a block with its timestamp. */
export function encodeIds(timestamp: number, ids: readonly Digest[]): Uint8Array {
  const writer = new Writer(8 + 32 * ids.length).u64(timestamp);
  for (const id of ids) writer.raw(digestBytes(id));
  return writer.finish();
}

/** Decodes the ids of a block with its timestamp. */
export function decodeIds(row: Uint8Array): { readonly timestamp: number; readonly rows: readonly TransactionRow[] } {
  const reader = new Reader(row);
  const timestamp = reader.u64();
  const rows: TransactionRow[] = [];
  while (reader.remaining > 0) rows.push({ id: digestOf(reader.raw(32)), timestamp });
  return { timestamp, rows };
}
