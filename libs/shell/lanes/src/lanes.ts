/** Largest message: fits the 1,048,588 bytes that a Kafka broker takes by default, with room for its framing. */
export const MAX_MESSAGE_BYTES = 1_000_000;

/** Most bytes that may wait for an absent broker in one client; beyond it `publish` throws {@link LanesFull}. */
export const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** A broker that has not answered after this time is away. */
export const HEALTH_MS = 1_500;

/** Kinds of lane that the network knows; a kind is also the pattern of the transport strategy. */
export type LaneKind = 'votes' | 'proposals' | 'tx' | 'final';

/** One message as a reader gets it. */
export interface LaneMessage {
  readonly lane: string;
  readonly value: Uint8Array;
  /**
   * The position to subscribe from to get what follows this message: a decimal number, opaque, comparable within one lane only.
   * It is a hint, never part of a rule: a broker that lost its log starts again at 0.
   */
  readonly position: string;
}

/** The place where reading starts. A position that the broker no longer has reads as `end`; one it does not have yet, `beginning`. */
export type LaneStart = string | 'beginning' | 'end';

/** The positions that a lane has: `low` is the oldest message, `high` where the next one will stand. */
export interface Range {
  readonly low: string;
  readonly high: string;
}

/** Returns where reading begins in a lane that has this range. */
export function startOffset(from: LaneStart, { low, high }: Range): string {
  if (from === 'beginning') return low;
  if (from === 'end') return high;
  const position = BigInt(from);
  // Beyond the end: the lane was lost and numbers anew, so all it holds is new.
  if (position > BigInt(high)) return low;
  // Before the beginning: away for longer than the lane keeps; what is missing is pulled elsewhere.
  return position < BigInt(low) ? high : from;
}

/** A lane with the place where reading starts. */
export interface LaneSource {
  readonly lane: string;
  readonly from: LaneStart;
}

/** Gets one or more messages of ONE lane, in order. It is called again with the same batch if it throws. */
export type LaneHandler = (batch: readonly LaneMessage[]) => Promise<void>;

/** A subscription that can be ended. */
export interface LaneSubscription {
  /** Resolves when no handler of it runs and none will; so never await it inside the handler itself. */
  close(): Promise<void>;
}

/** A lane that must exist; `retentionMs` -1 keeps for ever. */
export interface LaneSpec {
  readonly lane: string;
  readonly retentionMs: number;
}

/**
 * Lanes carry bytes from one writer to many readers. They judge nothing: a message may arrive twice, and a reader
 * proves what it reads by signatures. Order is kept within a lane, never between two.
 */
export interface Lanes {
  /** A noun for what carries them, for people to read: a service that waits names what it waits for. */
  readonly carrier: string;
  /**
   * Resolves when every value is durable at the broker, in the order of the calls for this lane. Waits with back-off
   * for ever while the broker is away. Throws RangeError for a value above {@link MAX_MESSAGE_BYTES}, {@link LanesFull}
   * when too much waits already, {@link LaneTaken} where the adapter sees that another process writes there,
   * {@link LanesClosed} after `close`.
   */
  publish(lane: string, values: readonly Uint8Array[]): Promise<void>;
  /**
   * One consumer per kind: no two calls of this handler overlap. Resolves when reading has begun, so what is published
   * afterwards is seen, also from `end`; it waits while the broker is away. Lanes that do not exist are read when they
   * appear. A change of lanes is a new subscription.
   */
  subscribe(kind: string, sources: readonly LaneSource[], handler: LaneHandler): Promise<LaneSubscription>;
  /** The newest message, undefined when the lane is empty or does not exist. */
  last(lane: string): Promise<LaneMessage | undefined>;
  /** Creates the lanes that do not exist; leaves the others as they are. One that the broker loses later is made anew when something is published there. */
  ensure(specs: readonly LaneSpec[]): Promise<void>;
  /** Resolves when the broker answers within {@link HEALTH_MS}; throws otherwise. It never waits for longer. */
  health(): Promise<void>;
  close(): Promise<void>;
}

/** The broker has been away for too long: more than {@link MAX_WAITING_BYTES} wait. */
export class LanesFull extends Error {
  override readonly name = 'LanesFull';
}

/** Another process that is alive writes to this lane: a lane has one writer. */
export class LaneTaken extends Error {
  override readonly name = 'LaneTaken';
}

/** This client was closed. */
export class LanesClosed extends Error {
  override readonly name = 'LanesClosed';
}

/** `<network>.<kind>.<owner>`. Owner: the lowercase GLN of the organisation that alone may write there. */
export function laneName(network: string, kind: LaneKind, owner: string): string {
  return `${network}.${kind}.${owner}`;
}

/** The owner in a lane's name, as {@link laneName} wrote it. */
export function laneOwner(lane: string): string {
  return lane.slice(lane.lastIndexOf('.') + 1);
}

/** Throws for a value that no broker would take: found here, at its writer, not in a retry that never ends. */
export function checkValues(values: readonly Uint8Array[]): void {
  for (const value of values) {
    if (value.length > MAX_MESSAGE_BYTES)
      throw new RangeError(`a message has ${value.length} bytes, ${MAX_MESSAGE_BYTES} are the limit`);
  }
}
