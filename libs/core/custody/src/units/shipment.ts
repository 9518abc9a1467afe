/** C6: what a shipment is to a unit follows from its receiver, and from whom the unit came. */
export const SHIPMENT_KINDS = ['delivery', 'own-site', 'return', 'destruction', 'authority', 'export'] as const;
export type ShipmentKind = (typeof SHIPMENT_KINDS)[number];

/** One shipping event: what it says, and how much of it is still on the way. All of it is for members. */
export type ShipmentPrivate = {
  readonly from: string;
  readonly to: string;
  /** GLN of the place it goes to, if the event names one. */
  readonly place?: string;
  /** The buyer, when ownership is to change. */
  readonly pendingOwner?: string;
  /** `po`, `desadv`, ...: as the event lists them; only compared, never trusted. */
  readonly documents: readonly { readonly type?: string; readonly id: string }[];
  /** Units shipped as such; what lies inside them is not counted. */
  readonly units: number;
  /** Of these, still in transit. */
  readonly open: number;
  readonly since: number;
  readonly event: string;
};

export type Shipment = ShipmentPrivate & { readonly key: string };
