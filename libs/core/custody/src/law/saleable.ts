import type { JsonObject } from '@custos/core-bytes';
import { endOfDay, type IsoDate } from '@custos/core-gs1';
import type { Role, RuleSet } from '@custos/core-registry';
import type { Recall } from '../units/lot.js';
import type { Scanned } from '../event/reading.js';
import type { Lifecycle, Transit } from '../units/unit.js';
import { lotNumberOf } from '../state-keys.js';

/** In the order in which they are told (V1). A refusal puts `NOT_SALEABLE_` before the word. */
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
export type SaleReason = (typeof SALE_REASONS)[number];

export interface Reason {
  readonly code: SaleReason;
  readonly facts: JsonObject;
}

/** The facts of a unit that decide whether it may be sold, from the state or from proven leaves. */
export interface SaleFacts {
  /** State key and expiry of its own lot, and of all lots inside. */
  readonly lots: readonly LotFacts[];
  readonly products: readonly { readonly gtin: string; readonly withdrawn: { readonly [country: string]: number } }[];
  /** Its own and those of the containers around it (S8). */
  readonly lifecycles: readonly Lifecycle[];
  /** Kinds of holds; a public leaf says only that there is one. */
  readonly holds: readonly string[];
  /** Units inside that are not active, or on hold. */
  readonly inactiveInside: number;
  readonly heldInside: number;
  readonly transit?: Transit;
}

export interface LotFacts {
  readonly key: string;
  readonly expiry?: string;
  readonly recalls: readonly Recall[];
}

/** Who asks, for where and when. */
export interface SaleQuestion {
  /** Markets it is to be sold in; none = any (M2). */
  readonly markets: readonly string[];
  /** Is a recall of this depth a bar to the asker there? */
  readonly bars: (recall: Recall, market: string | undefined) => boolean;
  /** Expiry counts at this time, in ms (T2). */
  readonly at: number;
  /** A partially dispensed pack may go on (C15). */
  readonly mayGoOn?: boolean;
  readonly licensed?: { readonly valid: boolean; readonly facts: JsonObject };
  readonly mismatch?: readonly string[];
}

/** Saleable = no reason. One function for shipping, dispensing and every verdict. */
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

/** A recall without markets is one everywhere; a question without market is about any. */
export function isIn({ markets }: Recall, market: string | undefined): boolean {
  return market === undefined || markets.length === 0 || markets.includes(market);
}

/** M3: the rule set of the market says which roles a recall of that depth bars. */
export function barsRoles({ depth }: Recall, roles: readonly Role[], { recallDepthBars }: RuleSet): boolean {
  return roles.some((role) => recallDepthBars[depth].includes(role));
}

function expired({ lots }: SaleFacts, { at }: SaleQuestion): readonly Reason[] {
  // T3: usable until the day ends; locations carry no offset yet, so that is the day in UTC.
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

/** Which of lot and expiry were read off the pack otherwise than the network has them. */
export function mismatchOf(
  scanned: Scanned,
  unit: { readonly lot?: string; readonly expiry?: string },
): readonly string[] {
  const fields: string[] = [];
  if (scanned.lot !== undefined && scanned.lot !== (unit.lot && lotNumberOf(unit.lot))) fields.push('lot');
  if (scanned.expiry !== undefined && scanned.expiry !== unit.expiry) fields.push('expiry');
  return fields;
}
