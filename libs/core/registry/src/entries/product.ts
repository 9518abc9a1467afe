import type { Validity } from './party.js';

/** A contract manufacturer that may commission this product (C1). */
export type Cmo = Validity & {
  readonly gln: string;
};

/**
 * The content of one pack, a whole number of `uom` (UN/ECE Rec. 20, or `unit`). Partial dispensing is measured in it.
 */
export type Content = {
  readonly amount: number;
  readonly uom: string;
};

/** One packaging level. `packs` is the number of base packs in one unit of it (1 for the base level). */
export type Level = {
  readonly gtin: string;
  readonly name: string;
  readonly packs: number;
};

/** One version of the master data, in force from `effectiveFrom` on (milliseconds since 1970, block time). */
export type MasterData = {
  readonly version: number;
  readonly effectiveFrom: number;
  readonly name: string;
  /** The markets where it may be sold (ISO 3166-1 alpha-2, ascending). An empty list means any market. */
  readonly markets: readonly string[];
  readonly cmos: readonly Cmo[];
  readonly content?: Content;
  readonly nationalNumbers?: readonly { readonly country: string; readonly number: string }[];
};

/** A product with the version of its master data that is in force at a given time. */
export interface Product extends MasterData {
  /** GTIN-14 of the base level, to which lots and recalls belong. */
  readonly gtin: string;
  /** GLN of the GTIN owner. */
  readonly owner: string;
  readonly levels: readonly Level[];
  /** Packs that expire before this day (`YYYY-MM-DD`) are not covered by the network (V1, C23). */
  readonly coveredFrom?: string;
  /** Markets where it was withdrawn, each with the block time in milliseconds (C20). */
  readonly withdrawn: { readonly [country: string]: number };
}
