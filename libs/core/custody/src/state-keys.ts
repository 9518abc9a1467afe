import { UNIT_KEY_SPACE } from '@custos/core-gs1';

/**
 * The key spaces that a capture may write (L6.1; `owns` of its kind). `unitKeyOf` in core/gs1 makes the keys of units.
 */
export const CUSTODY_SPACES = {
  unit: UNIT_KEY_SPACE,
  lot: 'lot/',
  contents: 'contents/',
  event: 'event/',
  shipment: 'shipment/',
} as const;

/** Returns the state key of a lot, by its base GTIN-14 and lot number (L6.1). */
export const lotKey = (baseGtin: string, lot: string): string => `${CUSTODY_SPACES.lot}01/${baseGtin}/10/${lot}`;
/** Returns the state key of a page of a container's contents; pages count from 0 (L6.1). */
export const contentsKey = (unitKey: string, page: number): string => `${CUSTODY_SPACES.contents}${unitKey}/${page}`;
/** Returns the state key of an event, in the namespace of its signer's GLN (L6.1). */
export const eventKey = (gln: string, eventId: string): string => `${CUSTODY_SPACES.event}${gln}/${eventId}`;
/** Returns the state key of a shipment (L6.1). */
export const shipmentKey = (id: string): string => CUSTODY_SPACES.shipment + id;

const GTIN_AT = `${CUSTODY_SPACES.lot}01/`.length;
const LOT_NUMBER_AT = lotKey('12345678901234', '').length;

/** Returns the base GTIN-14 of a lot's key. */
export function gtinOfLot(key: string): string {
  return key.slice(GTIN_AT, GTIN_AT + 14);
}

/** Returns the lot number of a lot's key. The number may contain a slash. */
export function lotNumberOf(key: string): string {
  return key.slice(LOT_NUMBER_AT);
}
