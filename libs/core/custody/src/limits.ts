/** L6.2 to L6.5 and C3: every bound of this room, with its reason. Sizes are bytes of canonical JSON. */
export const LIMITS = {
  /** A leaf fits a proof of a few hundred bytes on a phone. */
  unitValue: 512,
  /** Room for eight recalls over thirty markets. */
  lotValue: 4096,
  /** Private parts of units, lots, events and shipments: read and hashed at every touch. */
  private: 2048,
  /** L6.1: a page of 128 keys of units. */
  contents: 16 * 1024,
  /** L6.5: a container of 256 lots. */
  summary: 24 * 1024,
  /** C3: a public answer proves each container a pack lies in. */
  depth: 8,
  /** L6.1: children a page, so that packing one more hashes a few KiB at most. */
  pageChildren: 128,
  /** L6.5: distinct lots, and distinct GTINs, before a summary says `many`. */
  summaryNames: 256,
  /** C19: recalls of one lot, markets and id of one recall: they lie in the lot's leaf. */
  recalls: 8,
  recallMarkets: 40,
  recallId: 64,
  /** C6: business documents remembered with a shipment, and their length. */
  documents: 8,
  documentId: 128,
} as const;

/** T1: clocks of scanners and services differ by as much. */
export const CLOCK_TOLERANCE_MS = 2 * 60_000;

export const DAY_MS = 24 * 60 * 60_000;

/** C2: GS1 General Specifications ask for twelve months before an SSCC is used again. */
export const SSCC_REST_MS = 365 * DAY_MS;
