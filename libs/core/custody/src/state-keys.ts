import { UNIT_KEY_SPACE } from '@custos/core-gs1';

/** The key spaces that a capture may write (L6.1; `owns` of its kind). Keys of units come from core/gs1 (`unitKeyOf`). */
export const CUSTODY_SPACES = {
  unit: UNIT_KEY_SPACE,
  lot: 'lot/',
  contents: 'contents/',
  event: 'event/',
  shipment: 'shipment/',
} as const;

export const lotKey = (baseGtin: string, lot: string): string => `${CUSTODY_SPACES.lot}01/${baseGtin}/10/${lot}`;
export const contentsKey = (unitKey: string, page: number): string => `${CUSTODY_SPACES.contents}${unitKey}/${page}`;
export const eventKey = (gln: string, eventId: string): string => `${CUSTODY_SPACES.event}${gln}/${eventId}`;
export const shipmentKey = (id: string): string => CUSTODY_SPACES.shipment + id;

const GTIN_AT = `${CUSTODY_SPACES.lot}01/`.length;
const LOT_NUMBER_AT = lotKey('12345678901234', '').length;

/** Returns the base GTIN-14 of a lot's key. */
export function gtinOfLot(key: string): string {
  return key.slice(GTIN_AT, GTIN_AT + 14);
}

/** Returns the lot number of a lot's key; the number itself may hold a slash. */
export function lotNumberOf(key: string): string {
  return key.slice(LOT_NUMBER_AT);
}
