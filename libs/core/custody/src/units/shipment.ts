/** C6: the kind of a shipment. It follows from the receiver, and from the party that the unit came from. */
export type ShipmentKind = 'delivery' | 'own-site' | 'return' | 'destruction' | 'authority' | 'export';

/** The content of one shipping event, and the number of its units still in transit. Only members see it. */
export type ShipmentPrivate = {
  readonly from: string;
  readonly to: string;
  /** GLN of the destination's place, if the event names one. */
  readonly place?: string;
  /** GLN of the buyer, when ownership is to change. */
  readonly pendingOwner?: string;
  /** Business documents (`po`, `desadv`, ...) as the event lists them. They are compared and never trusted. */
  readonly documents: readonly { readonly type?: string; readonly id: string }[];
  /** Number of units shipped as such; units inside them are not counted. */
  readonly units: number;
  /** Number of these still in transit. */
  readonly open: number;
  readonly since: number;
  readonly event: string;
};

/** A shipment, as the law reads and writes it. */
export type Shipment = ShipmentPrivate & { readonly key: string };
