import type { Json, JsonObject } from '@custos/core-bytes';
import type { Digest } from '@custos/core-crypto';

export interface ReceiptWarning {
  readonly code: string;
  /** State keys. */
  readonly units?: readonly string[];
  readonly facts?: Json;
}

/** What an event did to state: one statement for all units that changed alike (L5.2). */
export interface ReceiptChange {
  /** State keys. */
  readonly units: readonly string[];
  /** The fields that changed, with their new values. */
  readonly set: JsonObject;
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
