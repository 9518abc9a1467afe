import type { Json, JsonObject } from '@custos/core-bytes';
import type { Change } from './state.js';

/** The class of a refusal, from which the HTTP status follows. */
export type RefusalClass =
  /** 400: the input breaks a format. */
  | 'malformed'
  /** 403: the signer may not do this. */
  | 'forbidden'
  /** 404: what the input names is not on the chain. */
  | 'unknown'
  /** 409: the state of the unit, or of another object that the input names, does not allow it. */
  | 'conflict'
  /** 422: well formed, and against a rule of the law. */
  | 'unprocessable'
  /** 413: above a limit. */
  | 'too-large'
  /** 501: a rule that is not in force on this network. */
  | 'not-yet';

/** The refusal of an event or transaction, as its receipt records it (L5.2). */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly facts: JsonObject;
}

/** One row of a refusal catalogue, which is printed in the docs and exported as JSON. */
export interface RefusalRow {
  /** Names of the facts that come with the code. */
  readonly facts: readonly string[];
  readonly meaning: string;
  /** The action by which the caller corrects the input. */
  readonly remedy: string;
  readonly class: RefusalClass;
  /** Whether the refusal opens an alert at the owner of the GTIN (A1). */
  readonly alert: boolean;
}

/** A doubt about an input that was accepted, for the reader of the receipt. */
export interface Warning {
  readonly code: string;
  readonly units?: readonly string[];
  readonly facts?: JsonObject;
}

/** Fields that were set to the same values on several state keys, stated once (L5.2). */
export interface ReceiptChange {
  /** State keys of any kind, ascending. */
  readonly keys: readonly string[];
  /** The changed fields with their new values. */
  readonly set: JsonObject;
}

/** The decision to accept: the changes of the state, the changes that the receipt states, and warnings. */
export interface Accepted {
  readonly outcome: 'accepted';
  readonly changes: readonly Change[];
  readonly warnings: readonly Warning[];
  readonly receiptChanges: readonly ReceiptChange[];
}

/** The decision to refuse; the state does not change. */
export interface Refused<Code extends string = string> {
  readonly outcome: 'refused';
  readonly refusal: Refusal<Code>;
}

/** The result of every decide function of the law. */
export type Decision<Code extends string = string> = Accepted | Refused<Code>;

/** The number of failed units that a receipt lists; it states the count of all (L5.2). */
const MAX_LISTED_FACTS = 50;

/** Returns the first {@link MAX_LISTED_FACTS} items and the count of all (L5.2). */
export function listFacts(all: readonly Json[]): { readonly list: readonly Json[]; readonly count: number } {
  return { list: all.slice(0, MAX_LISTED_FACTS), count: all.length };
}
