import type { RecallDepth } from '@custos/core-registry';

/** 1 is the gravest. */
export const RECALL_CLASSES = [1, 2, 3] as const;
export type RecallClass = (typeof RECALL_CLASSES)[number];

/** C19: class and depth only rise, markets only widen. */
export type Recall = {
  readonly id: string;
  readonly class: RecallClass;
  readonly depth: RecallDepth;
  /** ISO 3166-1 alpha-2, ascending; empty = everywhere. */
  readonly markets: readonly string[];
  /** Block time of the first statement. */
  readonly since: number;
};

/** L6.4: a lot is known from its first unit or from its recall, whichever came first. */
export type LotPublic = {
  readonly expiry?: string;
  readonly recalls: readonly Recall[];
};

export type LotPrivate = {
  /** Serialised units ever commissioned into it, all packaging levels. */
  readonly units: number;
};

export type Lot = LotPublic & LotPrivate & { readonly key: string };
