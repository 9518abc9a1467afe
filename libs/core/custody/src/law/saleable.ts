import type { JsonObject } from '@custos/core-bytes';
import { endOfDay, type IsoDate } from '@custos/core-gs1';
import type { Role, RuleSet } from '@custos/core-registry';
import type { Recall } from '../units/lot.js';
import type { Scanned } from '../event/reading.js';
import type { Lifecycle, Transit } from '../units/unit.js';
import { lotNumberOf } from '../state-keys.js';

/**
 * The reasons against a sale, in the order in which they are reported (V1). The code of a refusal is the word after
 * `NOT_SALEABLE_`.
 */
export const SALE_REASONS = [
  'MISMATCH',
  'WITHDRAWN',
  'RECALLED',
  'EXPIRED',
  'INACTIVE',
  'HELD',
  'IN_TRANSIT',
  'UNLICENSED',
] as const;
/** One of {@link SALE_REASONS}. */
export type SaleReason = (typeof SALE_REASONS)[number];

/** A reason against a sale, with its facts. */
export interface Reason {
  readonly code: SaleReason;
  readonly facts: JsonObject;
}

/** The facts of a unit that decide whether it may be sold, from the state or from proven leaves. */
export interface SaleFacts {
  /** The unit's own lot and all lots inside it. */
  readonly lots: readonly LotFacts[];
  readonly products: readonly { readonly gtin: string; readonly withdrawn: { readonly [country: string]: number } }[];
  /** The lifecycles of the unit and of the containers around it (S8). */
  readonly lifecycles: readonly Lifecycle[];
  /** Kinds of holds. A public leaf shows only that there is one. */
  readonly holds: readonly string[];
  /** Number of units inside that are not active; then of those on hold. */
  readonly inactiveInside: number;
  readonly heldInside: number;
  readonly transit?: Transit;
}

/** The state key of a lot, its expiry (YYYY-MM-DD) and its recalls. */
export interface LotFacts {
  readonly key: string;
  readonly expiry?: string;
  readonly recalls: readonly Recall[];
}

/** The circumstances of a sale: markets, time, and the asker's rights. */
export interface SaleQuestion {
  /** The markets of the sale (ISO 3166-1 alpha-2); an empty list means any market (M2). */
  readonly markets: readonly string[];
  /** Reports whether a recall of this depth bars the asker in that market. */
  readonly bars: (recall: Recall, market: string | undefined) => boolean;
  /** The time in milliseconds since 1970 at which the expiry is compared (T2). */
  readonly at: number;
  /** True when a partially dispensed pack may be dispensed further (C15). */
  readonly mayGoOn?: boolean;
  readonly licensed?: { readonly valid: boolean; readonly facts: JsonObject };
  readonly mismatch?: readonly string[];
}

/**
 * Returns the reasons against a sale; none means saleable. Shipping, dispensing and every verdict use this function.
 */
export function reasonsAgainst(unit: SaleFacts, question: SaleQuestion): readonly Reason[] {
  return [
    ...mismatch(question),
    ...withdrawn(unit, question),
    ...recalled(unit, question),
    ...expired(unit, question),
    ...inactive(unit, question),
    ...held(unit),
    ...inTransit(unit),
    ...unlicensed(question),
  ];
}

function mismatch({ mismatch: fields }: SaleQuestion): readonly Reason[] {
  return fields && fields.length > 0 ? [{ code: 'MISMATCH', facts: { fields } }] : [];
}

function withdrawn({ products }: SaleFacts, { markets }: SaleQuestion): readonly Reason[] {
  return products.flatMap(({ gtin, withdrawn: places }) => {
    const gone = Object.keys(places).filter((market) => markets.length === 0 || markets.includes(market));
    return gone.length > 0 ? [{ code: 'WITHDRAWN', facts: { gtin, markets: gone } } as const] : [];
  });
}

function recalled({ lots }: SaleFacts, { markets, bars }: SaleQuestion): readonly Reason[] {
  const asked = markets.length === 0 ? [undefined] : markets;
  return lots.flatMap(({ key, recalls }) =>
    recalls
      .filter((recall) => asked.some((market) => isIn(recall, market) && bars(recall, market)))
      .map(({ id, class: grade, depth, markets: places, since }) => ({
        code: 'RECALLED' as const,
        facts: { lot: key, recall: id, class: grade, depth, markets: places, since },
      })),
  );
}

/**
 * Reports whether a recall applies in a market. A recall without markets applies everywhere; an undefined market means
 * any.
 */
function isIn({ markets }: Recall, market: string | undefined): boolean {
  return market === undefined || markets.length === 0 || markets.includes(market);
}

/** M3: reports whether the rule set of a market bars one of these roles at the depth of the recall. */
export function barsRoles({ depth }: Recall, roles: readonly Role[], { recallDepthBars }: RuleSet): boolean {
  return roles.some((role) => recallDepthBars[depth].includes(role));
}

function expired({ lots }: SaleFacts, { at }: SaleQuestion): readonly Reason[] {
  // T3: usable until the end of the day. Locations have no offset yet, so that is the day in UTC.
  const days = lots.flatMap(({ expiry }) =>
    expiry !== undefined && endOfDay(expiry as IsoDate) <= at ? [expiry] : [],
  );
  const [first] = [...days].sort();
  return first === undefined ? [] : [{ code: 'EXPIRED', facts: { expiry: first } }];
}

function inactive({ lifecycles, inactiveInside }: SaleFacts, { mayGoOn }: SaleQuestion): readonly Reason[] {
  const over = lifecycles.find(({ state }) => state === 'inactive' || (state === 'partially-dispensed' && !mayGoOn));
  if (over) return [{ code: 'INACTIVE', facts: { reason: over.state === 'inactive' ? over.reason : over.state } }];
  return inactiveInside > 0 ? [{ code: 'INACTIVE', facts: { inside: inactiveInside } }] : [];
}

function held({ holds, heldInside }: SaleFacts): readonly Reason[] {
  if (holds.length > 0) return [{ code: 'HELD', facts: { holds: [...new Set(holds)].sort() } }];
  return heldInside > 0 ? [{ code: 'HELD', facts: { inside: heldInside } }] : [];
}

function inTransit({ transit }: SaleFacts): readonly Reason[] {
  return transit ? [{ code: 'IN_TRANSIT', facts: { to: transit.to, shipment: transit.shipment } }] : [];
}

function unlicensed({ licensed }: SaleQuestion): readonly Reason[] {
  return licensed && !licensed.valid ? [{ code: 'UNLICENSED', facts: licensed.facts }] : [];
}

/** Returns which of `lot` and `expiry` as scanned differ from those of the unit. */
export function mismatchOf(
  scanned: Scanned,
  unit: { readonly lot?: string; readonly expiry?: string },
): readonly string[] {
  const fields: string[] = [];
  if (scanned.lot !== undefined && scanned.lot !== (unit.lot && lotNumberOf(unit.lot))) fields.push('lot');
  if (scanned.expiry !== undefined && scanned.expiry !== unit.expiry) fields.push('expiry');
  return fields;
}
