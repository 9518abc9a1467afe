import type { Json, JsonObject } from '@custos/core-bytes';

// EPCIS 2.0 events of the life of one pallet, as a partner's system sends them.

export const LOT = 'L24A';
export const EXPIRY = '2027-06-30';
export const pack = (n: number): string => `urn:epc:id:sgtin:4012345.000001.P${n}`;
export const carton = (n: number): string => `urn:epc:id:sgtin:4012345.100001.C${n}`;
export const PALLET = 'urn:epc:id:sscc:4012345.3000000001';
export const packs = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => pack(from + i));

const pgln = (gln: string): string => `urn:epc:id:pgln:${gln.slice(0, 7)}.${gln.slice(7, 12)}`;
const sgln = (gln: string): string => `urn:epc:id:sgln:${gln.slice(0, 7)}.${gln.slice(7, 12)}.0`;

/** The time at which the test network starts. */
const EVENT_TIME = '2025-10-09T08:53:20Z';
let events = 0;

function event(type: string, at: string, members: JsonObject): JsonObject {
  return {
    type,
    eventID: `urn:uuid:00000000-0000-4000-8000-${String(++events).padStart(12, '0')}`,
    eventTime: EVENT_TIME,
    eventTimeZoneOffset: '+02:00',
    readPoint: { id: sgln(at) },
    bizLocation: { id: sgln(at) },
    ...members,
  };
}

export function commission(at: string, epcList: readonly string[], ilmd?: JsonObject): JsonObject {
  return event('ObjectEvent', at, { action: 'ADD', bizStep: 'commissioning', disposition: 'active', epcList, ilmd });
}

export const ilmdOf = (lot: string, expiry: string): JsonObject => ({
  'cbvmda:lotNumber': lot,
  'cbvmda:itemExpirationDate': expiry,
});

export function packing(at: string, parentID: string, childEPCs: readonly string[]): JsonObject {
  return event('AggregationEvent', at, { action: 'ADD', bizStep: 'packing', parentID, childEPCs });
}

export function unpacking(at: string, parentID: string, childEPCs: readonly string[]): JsonObject {
  return event('AggregationEvent', at, { action: 'DELETE', bizStep: 'unpacking', parentID, childEPCs });
}

export function shipping(from: string, to: string, epcList: readonly string[]): JsonObject {
  return event('ObjectEvent', from, {
    action: 'OBSERVE',
    bizStep: 'shipping',
    disposition: 'in_transit',
    epcList,
    sourceList: [
      { type: 'owning_party', source: pgln(from) },
      { type: 'possessing_party', source: pgln(from) },
    ],
    destinationList: [
      { type: 'owning_party', destination: pgln(to) },
      { type: 'possessing_party', destination: pgln(to) },
      { type: 'location', destination: sgln(to) },
    ],
  });
}

export function receiving(at: string, epcList: readonly string[]): JsonObject {
  return event('ObjectEvent', at, { action: 'OBSERVE', bizStep: 'receiving', epcList });
}

export function dispensing(at: string, epcList: readonly string[]): JsonObject {
  return event('ObjectEvent', at, { action: 'OBSERVE', bizStep: 'dispensing', disposition: 'dispensed', epcList });
}

export function recall(at: string, lot: string, statement: JsonObject): JsonObject {
  const quantityList: Json = [{ epcClass: `urn:epc:class:lgtin:4012345.000001.${lot}` }];
  return event('ObjectEvent', at, { action: 'OBSERVE', quantityList, 'custos:recall': statement });
}
