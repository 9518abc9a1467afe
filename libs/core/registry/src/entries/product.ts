import type { Validity } from './party.js';

/** A contract manufacturer that may commission this product (C1). */
export type Cmo = Validity & {
  readonly gln: string;
};

/** What is in one pack, counted in `uom` (UN/ECE Rec. 20, or `unit`): the measure of partial dispensing. */
export type Content = {
  readonly amount: number;
  readonly uom: string;
};

/** One packaging level; `packs` = how many base packs lie in one unit of it (base: 1). */
export type Level = {
  readonly gtin: string;
  readonly name: string;
  readonly packs: number;
};

/** What a version of the master data says; in force from `effectiveFrom` (ms, block time) on. */
export type MasterData = {
  readonly version: number;
  readonly effectiveFrom: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2, ascending: where it may be sold. Empty = nowhere stated, so anywhere. */
  readonly markets: readonly string[];
  readonly cmos: readonly Cmo[];
  readonly content?: Content;
  readonly nationalNumbers?: readonly { readonly country: string; readonly number: string }[];
};

/** A product as a decision at a given time sees it. */
export interface Product extends MasterData {
  /** GTIN-14 of the base level: the one lots and recalls hang on. */
  readonly gtin: string;
  /** GLN of the GTIN owner. */
  readonly owner: string;
  readonly levels: readonly Level[];
  /** Packs that expire before this day (`YYYY-MM-DD`) are not covered by the network (V1, C23). */
  readonly coveredFrom?: string;
  /** Markets where it was withdrawn, with the block time (C20). */
  readonly withdrawn: { readonly [country: string]: number };
}
