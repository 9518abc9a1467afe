import type { Json, JsonObject } from '@custos/core-bytes';
import type { Digest, Hasher } from '@custos/core-crypto';
import type { EpcisEvent } from '@custos/core-epcis';
import type { Decision as LawDecision, Refused, StateView } from '@custos/core-state';
import type { RefusalCode } from './catalogue.js';
import type { Lifecycle, Transit } from '../units/unit.js';

/** The circumstances of an event in its transaction: signer, time and document. */
export interface Envelope {
  readonly txId: Digest;
  /** Position of the event in its transaction, from 0. */
  readonly index: number;
  /** Creation time of the transaction, milliseconds since 1970. */
  readonly createdAt: number;
  /** Salt of part 0, from which the salts of all private parts that this event writes are derived (L6.2). */
  readonly salt: Digest;
  readonly context: Json | undefined;
  readonly header: JsonObject | undefined;
  /** GLN of the party whose key signed. A capture has exactly one signer (L2.2). */
  readonly signer: string;
}

/**
 * The inputs of a decision besides state and event: hash function, block, and the work that the transaction has left
 * (L5.5).
 */
export interface LawContext {
  readonly hasher: Hasher;
  readonly height: number;
  /** Block time, milliseconds since 1970: decides recall, holds and licences (T2). */
  readonly timestamp: number;
  readonly budget: { readonly reads: number; readonly changes: number };
}

/** The result of the law of custody on one event. */
export type Decision = LawDecision<RefusalCode>;
/** A refusal with a code of custody's catalogue. */
export type CustodyRefused = Refused<RefusalCode>;

/** The type of `decide`. Total and pure; a refusal changes nothing. */
export type Decide = (view: StateView, envelope: Envelope, event: EpcisEvent, context: LawContext) => Decision;

/**
 * The changes of a unit in a receipt: the fields that changed; `null` means removed. They suffice to rebuild inventory,
 * containment and journeys without a rule of custody:
 * - while `container` is not null, custody (owner to transit) is that of the outermost container and is not stated;
 * - a unit that leaves its container states `container: null` and all of its custody again;
 * - a container that moves is stated alone, never the units inside it (S8).
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
