import type { Json, JsonObject } from '@custos/core-bytes';
import type { Change } from './state.js';

/** What kind of "no" a refusal is; the HTTP status follows from it and from nothing else. */
export type RefusalClass =
  /** 400: the input breaks a format. */
  | 'malformed'
  /** 403: the signer may not do this. */
  | 'forbidden'
  /** 404: what the input names is not on the chain. */
  | 'unknown'
  /** 409: the state of the thing speaks against it. */
  | 'conflict'
  /** 422: well formed, and wrong by a rule of the law. */
  | 'unprocessable'
  /** 413: over a limit. */
  | 'too-large'
  /** 501: a rule that is not in force on this network. */
  | 'not-yet';

/** A "no" of the law, as it stands in the receipt. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly facts: JsonObject;
}

/** One row of a refusal catalogue: printed in the docs, exported as JSON. */
export interface RefusalRow {
  /** Names of the facts that come with the code. */
  readonly facts: readonly string[];
  readonly meaning: string;
  /** What the caller does about it. */
  readonly remedy: string;
  readonly class: RefusalClass;
  /** A1: opens an alert at the GTIN owner. */
  readonly alert: boolean;
}

/** Accepted all the same, and worth telling. */
export interface Warning {
  readonly code: string;
  readonly units?: readonly string[];
  readonly facts?: JsonObject;
}

/** The fields that were set alike on several state keys, stated once (L5.2). */
export interface ReceiptChange {
  /** State keys of any kind, ascending. */
  readonly keys: readonly string[];
  /** The fields that changed, with their new values. */
  readonly set: JsonObject;
}

export interface Accepted {
  readonly outcome: 'accepted';
  readonly changes: readonly Change[];
  readonly warnings: readonly Warning[];
  readonly receiptChanges: readonly ReceiptChange[];
}

export interface Refused<Code extends string = string> {
  readonly outcome: 'refused';
  readonly refusal: Refusal<Code>;
}

/** What every decide of the law answers; refusals change nothing. */
export type Decision<Code extends string = string> = Accepted | Refused<Code>;

/** L5.2: a receipt lists the first 50 of what failed, and the count. */
export const MAX_LISTED_FACTS = 50;

export function listFacts(all: readonly Json[]): { readonly list: readonly Json[]; readonly count: number } {
  return { list: all.slice(0, MAX_LISTED_FACTS), count: all.length };
}
