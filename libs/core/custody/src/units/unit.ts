import type { Digest } from '@custos/core-crypto';
import type { ShipmentKind } from './shipment.js';

// The shapes of what the law of custody keeps (L6.2 to L6.5). They are type aliases, so that they are JSON objects
// to the compiler too. Times are milliseconds since 1970, days are YYYY-MM-DD, parties and places 13-digit GLNs.

/** Why a unit is over (C16). */
export const END_REASONS = [
  'dispensed',
  'exported',
  'sampled',
  'free-sample',
  'checked-out',
  'decommissioned',
  'stolen',
  'destroyed',
  'consumed',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** `amount` counts whole `uom` of the product's content. */
export type Amount = { readonly amount: number; readonly uom: string };

export type Lifecycle =
  | { readonly state: 'active' }
  /** C15; `remaining` absent = not known. */
  | { readonly state: 'partially-dispensed'; readonly remaining?: Amount }
  | { readonly state: 'inactive'; readonly reason: EndReason; readonly text?: string };

/** A container and which of its lives it is: an SSCC may be commissioned again (C2). */
export type ContainerRef = { readonly key: string; readonly incarnation: number };

/** What a public proof of a unit shows: no holder, no volume (L6.4). */
export type UnitPublic = {
  readonly lifecycle: Lifecycle;
  /** Has holds of its own; those of a container count as well (S8). */
  readonly onHold: boolean;
  /** State key of the lot; an SSCC has none. */
  readonly lot?: string;
  /** Last day of use. */
  readonly expiry?: string;
  readonly incarnation: number;
  readonly container?: ContainerRef;
};

export const HOLD_KINDS = ['locked', 'quarantined', 'suspect', 'illegitimate', 'data-pending'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

export type Hold = {
  readonly kind: HoldKind;
  /** Party that set it. */
  readonly setter: string;
  readonly place: string;
  readonly since: number;
  readonly incident?: string;
};

export type Transit = {
  /** State key of the shipment. */
  readonly shipment: string;
  readonly kind: ShipmentKind;
  readonly from: string;
  readonly to: string;
  readonly since: number;
};

/** Who has a unit, and where. Kept by the outermost container alone (S8). */
export type Custody = {
  /** Absent: a container that is empty is no one's (C2). */
  readonly owner?: string;
  readonly pendingOwner?: string;
  readonly possessor: string;
  readonly receivedFrom?: string;
  readonly location: string;
  readonly transit?: Transit;
};

/** Where a thing was done, by whom, and which event says so. */
export type Happening = {
  /** eventID in the namespace of `by`. */
  readonly event: string;
  readonly by: string;
  readonly place: string;
  /** eventTime. */
  readonly time: number;
  readonly height: number;
};

export type ContentsKnown = {
  /** How the contents are known: counted, believed because the label says so, or disproved. */
  readonly state: 'verified' | 'inferred' | 'broken';
  readonly by: string;
};

/** What members know of a unit besides; the leaf commits to it (L6.3). */
export type UnitPrivate = {
  /** Absent inside a container: it is then the outermost container's. */
  readonly custody?: Custody;
  /** Page of the container's contents that lists this unit. */
  readonly page?: number;
  /** Of a container: how many children each page of its contents lists. */
  readonly pages?: readonly number[];
  readonly contents?: ContentsKnown;
  readonly holds?: readonly Hold[];
  readonly ended?: Happening;
  /** First opening of a partially dispensed pack: only this party goes on (C15). */
  readonly opened?: Happening;
  /** The last event with an effect: `<party gln>/<eventID>`. */
  readonly last: { readonly event: string; readonly time: number };
  readonly lastShippedAt?: number;
  /** Hash of the summary, of a container that is not empty. */
  readonly summary?: Digest;
};

/** `[units, packs]`: all serialised units, and those at the base level of their product. */
export type Count = readonly [units: number, packs: number];

/** All that lies below a container, at any depth (L6.5). An empty container has none. */
export type ContainerSummary = {
  /** Descendants at depth 1, 2, ...: the first is the number of children, the length is the height. */
  readonly levels: readonly number[];
  readonly packs: number;
  /** By state key of the lot; `many` above 256: then shipping looks into the children. */
  readonly lots: { readonly [lot: string]: Count } | 'many';
  /** Units by GTIN, any packaging level. */
  readonly gtins: { readonly [gtin: string]: number } | 'many';
  /** Descendants with holds of their own. */
  readonly held: number;
  /** Descendants that are not active. */
  readonly inactive: number;
};

/** A pack or a container, as the law reads and writes it: {@link KnownUnit} is what a reader may have of it. */
export type Unit = UnitPublic &
  UnitPrivate & {
    readonly key: string;
    readonly contains?: ContainerSummary;
  };

/** A unit as found leaves show it: a public proof has no private part, a read model does not keep the last event. */
export type KnownUnit = Omit<Unit, 'last'> & Partial<Pick<Unit, 'last'>>;
