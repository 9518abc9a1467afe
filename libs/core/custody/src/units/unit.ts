import type { Digest } from '@custos/core-crypto';
import type { ShipmentKind } from './shipment.js';

// The records that the law of custody keeps (L6.2 to L6.5). They are type aliases, so that the compiler accepts them as
// JSON objects. Times are milliseconds since 1970, days are YYYY-MM-DD, parties and places 13-digit GLNs.

/** The reason for the end of a unit (C16). */
export type EndReason =
  | 'dispensed'
  | 'exported'
  | 'sampled'
  | 'free-sample'
  | 'checked-out'
  | 'decommissioned'
  | 'stolen'
  | 'destroyed'
  | 'consumed';

/** An amount of the product's content, in whole `uom`. */
export type Amount = { readonly amount: number; readonly uom: string };

/** The state of a unit's life: active, partially dispensed, or inactive with its reason. */
export type Lifecycle =
  | { readonly state: 'active' }
  /** C15; `remaining` is undefined when it is not known. */
  | { readonly state: 'partially-dispensed'; readonly remaining?: Amount }
  | { readonly state: 'inactive'; readonly reason: EndReason; readonly text?: string };

/** A container and its incarnation: an SSCC may be commissioned again (C2). */
type ContainerRef = { readonly key: string; readonly incarnation: number };

/** The public part of a unit: no holder and no volume (L6.4). */
export type UnitPublic = {
  readonly lifecycle: Lifecycle;
  /** True when it has holds of its own. Holds of its containers count too (S8). */
  readonly onHold: boolean;
  /** State key of the lot; an SSCC has none. */
  readonly lot?: string;
  /** Last day of use. */
  readonly expiry?: string;
  readonly incarnation: number;
  readonly container?: ContainerRef;
};

/** The kinds of holds on a unit. */
export const HOLD_KINDS = ['locked', 'quarantined', 'suspect', 'illegitimate', 'data-pending'] as const;
/** One of {@link HOLD_KINDS}. */
type HoldKind = (typeof HOLD_KINDS)[number];

/** A hold on a unit; `since` is the block time of its setting. */
export type Hold = {
  readonly kind: HoldKind;
  /** GLN of the party that set it. */
  readonly setter: string;
  readonly place: string;
  readonly since: number;
  readonly incident?: string;
};

/** The transit of a unit from its sender to its addressee. */
export type Transit = {
  /** State key of the shipment. */
  readonly shipment: string;
  readonly kind: ShipmentKind;
  readonly from: string;
  readonly to: string;
  readonly since: number;
};

/** The owner, the possessor and the place of a unit. Only the outermost container holds it (S8). */
export type Custody = {
  /** Undefined for an empty container, which has no owner (C2). */
  readonly owner?: string;
  readonly pendingOwner?: string;
  readonly possessor: string;
  readonly receivedFrom?: string;
  readonly location: string;
  readonly transit?: Transit;
};

/** The party, place and time of an act, with the event that states it. */
export type Happening = {
  /** eventID in the namespace of `by`. */
  readonly event: string;
  readonly by: string;
  readonly place: string;
  /** Time of the event (eventTime). */
  readonly time: number;
  readonly height: number;
};

/** The knowledge of a container's contents, and the party that gave it. */
export type ContentsKnown = {
  /** `verified`: counted; `inferred`: taken from the label; `broken`: disproved. */
  readonly state: 'verified' | 'inferred' | 'broken';
  readonly by: string;
};

/** The private part of a unit, which members see and the leaf commits to (L6.3). */
export type UnitPrivate = {
  /** Undefined inside a container, whose outermost one then holds it. */
  readonly custody?: Custody;
  /** Page of the container's contents that lists this unit. */
  readonly page?: number;
  /** For a container, the number of children on each page of its contents. */
  readonly pages?: readonly number[];
  readonly contents?: ContentsKnown;
  readonly holds?: readonly Hold[];
  readonly ended?: Happening;
  /** First opening of a partially dispensed pack. Only this party may dispense the rest (C15). */
  readonly opened?: Happening;
  /** The last event with an effect: `<party gln>/<eventID>`. */
  readonly last: { readonly event: string; readonly time: number };
  readonly lastShippedAt?: number;
  /** Hash of the summary of a container that is not empty. */
  readonly summary?: Digest;
};

/** The counts `[units, packs]`: all serialised units, and those at the base level of their product. */
export type Count = readonly [units: number, packs: number];

/** The sums over all units inside a container, at any depth (L6.5). An empty container has none. */
export type ContainerSummary = {
  /** Number of descendants at depth 1, 2, ...: the first is the number of children, the length is the height. */
  readonly levels: readonly number[];
  readonly packs: number;
  /** Counts by state key of the lot; `many` above 256 lots, for which shipping reads the children. */
  readonly lots: { readonly [lot: string]: Count } | 'many';
  /** Number of units by GTIN, of any packaging level. */
  readonly gtins: { readonly [gtin: string]: number } | 'many';
  /** Number of descendants with holds of their own. */
  readonly held: number;
  /** Number of descendants that are not active. */
  readonly inactive: number;
};

/** A pack or a container, as the law reads and writes it. A reader of leaves may have less: {@link KnownUnit}. */
export type Unit = UnitPublic &
  UnitPrivate & {
    readonly key: string;
    readonly contains?: ContainerSummary;
  };

/** A unit as leaves show it. A public proof has no private part, and a read model does not keep the last event. */
export type KnownUnit = Omit<Unit, 'last'> & Partial<Pick<Unit, 'last'>>;
