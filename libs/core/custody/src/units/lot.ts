import type { RecallDepth } from '@custos/core-registry';

/** The classes of a recall; 1 is the most serious. */
export const RECALL_CLASSES = [1, 2, 3] as const;
/** One of {@link RECALL_CLASSES}. */
export type RecallClass = (typeof RECALL_CLASSES)[number];

/** A recall of a lot. C19: class and depth only rise, markets only widen. */
export type Recall = {
  readonly id: string;
  readonly class: RecallClass;
  readonly depth: RecallDepth;
  /** ISO 3166-1 alpha-2, ascending; an empty list means every market. */
  readonly markets: readonly string[];
  /** Block time of the first statement, milliseconds since 1970. */
  readonly since: number;
};

/** L6.4: the public part of a lot. A lot exists from its first unit or from its first recall. */
export type LotPublic = {
  readonly expiry?: string;
  readonly recalls: readonly Recall[];
};

/** The private part of a lot (L6.4). */
export type LotPrivate = {
  /** Number of serialised units ever commissioned into it, of all packaging levels. */
  readonly units: number;
};

/** A lot, as the law reads and writes it. */
export type Lot = LotPublic & LotPrivate & { readonly key: string };
