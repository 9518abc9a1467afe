import type { Json, JsonObject } from '@custos/core-bytes';
import type { Digest, Hasher } from '@custos/core-crypto';
import type { EpcisEvent } from '@custos/core-epcis';
import type { Decision as LawDecision, Refused, StateView } from '@custos/core-state';
import type { RefusalCode } from './catalogue.js';
import type { Lifecycle, Transit } from '../units/unit.js';

/** What the transaction says about an event: who signed it, when, and under which document. */
export interface Envelope {
  readonly txId: Digest;
  /** Position of the event in its transaction, from 0. */
  readonly index: number;
  /** Of the transaction, milliseconds since 1970. */
  readonly createdAt: number;
  /** Of part 0: makes the salts of all private parts that this event writes (L6.2). */
  readonly salt: Digest;
  readonly context: Json | undefined;
  readonly header: JsonObject | undefined;
  /** GLN of the party whose key signed; a capture has exactly one (L2.2). */
  readonly signer: string;
}

/** The world as an argument: hash function, block, and the work that the transaction has left (L5.5). */
export interface LawContext {
  readonly hasher: Hasher;
  readonly height: number;
  /** Block time, milliseconds since 1970: decides recall, holds and licences (T2). */
  readonly timestamp: number;
  readonly budget: { readonly reads: number; readonly changes: number };
}

export type Decision = LawDecision<RefusalCode>;
export type CustodyRefused = Refused<RefusalCode>;

/** `decide` of the law of custody. Total, pure; refusals change nothing. */
export type Decide = (view: StateView, envelope: Envelope, event: EpcisEvent, context: LawContext) => Decision;

/**
 * What a receipt states of a unit: the fields that changed, `null` = no longer there. Enough to rebuild inventory,
 * containment and journeys without a rule of custody:
 * - while `container` is not null, custody (owner to transit) is the outermost container's and is not stated;
 * - a unit that leaves its container states `container: null` and all of its custody anew;
 * - a container that moves is stated alone, never what lies in it (S8).
 */
export type UnitSet = {
  readonly gtin?: string;
  readonly lot?: string;
  readonly expiry?: string;
  readonly lifecycle?: Lifecycle;
  readonly incarnation?: number;
  readonly onHold?: boolean;
  readonly container?: string | null;
  readonly owner?: string | null;
  readonly pendingOwner?: string | null;
  readonly possessor?: string;
  readonly receivedFrom?: string | null;
  readonly location?: string;
  readonly transit?: Transit | null;
  readonly contents?: 'verified' | 'inferred' | 'broken' | null;
};
