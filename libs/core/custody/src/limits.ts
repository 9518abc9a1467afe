/** The limits of this room, each with its reason (L6.2 to L6.5, C3). Sizes are bytes of canonical JSON. */
export const LIMITS = {
  /** Leaf of a unit: its proof takes a few hundred bytes on a phone. */
  unitValue: 512,
  /** Leaf of a lot: eight recalls over thirty markets. */
  lotValue: 4096,
  /** Private parts of units, lots, events and shipments, which are read and hashed at every change. */
  private: 2048,
  /** L6.1: page of contents with 128 keys of units. */
  contents: 16 * 1024,
  /** L6.5: summary of a container of 256 lots. */
  summary: 24 * 1024,
  /** C3: nesting of containers; a public answer proves each container around a pack. */
  depth: 8,
  /** L6.1: children in a page, so that packing one more hashes a few KiB at most. */
  pageChildren: 128,
  /** L6.5: distinct lots, and distinct GTINs, above which a summary states `many`. */
  summaryNames: 256,
  /** C19: recalls of one lot, and markets and length of the id of one recall; the lot's leaf holds them. */
  recalls: 8,
  recallMarkets: 40,
  recallId: 64,
  /** C6: business documents kept with a shipment, and the length of their ids. */
  documents: 8,
  documentId: 128,
} as const;

/** T1: the time in milliseconds by which clocks of scanners and services may differ. */
export const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** The length of a day in milliseconds. */
const DAY_MS = 24 * 60 * 60_000;

/**
 * C2: the rest of an SSCC in milliseconds. The GS1 General Specifications require twelve months before it is used
 * again.
 */
export const SSCC_REST_MS = 365 * DAY_MS;
