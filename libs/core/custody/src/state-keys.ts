// L6.1: keys of custody's rooms of the state. Unit keys come from core/gs1 (`unitKeyOf`).
export const lotKey = (baseGtin: string, lot: string): string => `lot/01/${baseGtin}/10/${lot}`;
export const contentsKey = (unitKey: string, page: number): string => `contents/${unitKey}/${page}`;
export const eventKey = (gln: string, eventId: string): string => `event/${gln}/${eventId}`;
export const shipmentKey = (id: string): string => `shipment/${id}`;

/** The key spaces that a capture may write (`owns` of its kind). */
export const CUSTODY_KEY_SPACES = ['unit/', 'lot/', 'contents/', 'event/', 'shipment/'] as const;
