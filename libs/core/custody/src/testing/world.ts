import type { Json, JsonObject, Parsed } from '@custos/core-bytes';
import { digestOf, referenceHasher as hasher, type Digest } from '@custos/core-crypto';
import {
  aggregationEvent,
  CUSTOS_CONTEXT,
  objectEvent,
  parseContext,
  parseEvent,
  type AggregationSketch,
  type EpcisEvent,
  type EventSketch,
  type ObjectSketch,
} from '@custos/core-epcis';
import {
  checkDigit,
  identify,
  parseGln,
  parseGtin,
  parseSscc,
  unitKeyOf,
  type Identifier,
  type UnitIdentifier,
} from '@custos/core-gs1';
import { registryGenesis, type Role } from '@custos/core-registry';
import { applyChanges, mapView, overlay, type Accepted, type Entry, type Overlay } from '@custos/core-state';
import {
  decide,
  shipmentOf,
  unitOf,
  type Decision,
  type Envelope,
  type RefusalCode,
  type Shipment,
  type Unit,
} from '../index.js';

// A network for specs: parties, one product in two packaging levels, and a clock that advances with each event.

export function must<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
}

export const gln = (prefix: string, reference = '00000'): string => must(parseGln(withCheck(prefix + reference)));
const withCheck = (digits: string): string => digits + String(checkDigit(digits));

export const MAKER = gln('4012345');
export const TRADER = gln('4023456');
export const PHARMACY = gln('4034567');
export const AUTHORITY = gln('4045678');
export const CMO = gln('4056789');
export const KEEPER = gln('4067890');
export const DISPOSER = gln('4078901');
export const PHARMACY_2 = gln('4089012');
export const INSURER = gln('4090123');
export const ABROAD = gln('4101234');
export const US_TRADER = gln('4112345');
export const US_PHARMACY = gln('4123456');
export const UNLICENSED = gln('4134567');
/** Places of these parties besides the one that has the party's GLN. */
export const MAKER_SITE = gln('4012345', '00001');
/** A place in another country than its party. */
export const TRADER_ABROAD = gln('4023456', '00002');
export const PHARMACY_COUNTER = gln('4034567', '00001');

export const GTIN = must(parseGtin(withCheck('0401234500001')));
export const CASE_GTIN = must(parseGtin(withCheck('1401234500001')));
export const OTHER_GTIN = must(parseGtin(withCheck('0401234500002')));
/** A GTIN of a registered prefix without a product. */
export const UNREGISTERED_GTIN = must(parseGtin(withCheck('0401234500009')));
export const LOT = 'L24A';
export const EXPIRY = '2027-06-30';

export const pack = (serial: number | string): UnitIdentifier => ({ kind: 'sgtin', gtin: GTIN, serial: `P${serial}` });
export const carton = (serial: number | string): UnitIdentifier => ({
  kind: 'sgtin',
  gtin: CASE_GTIN,
  serial: `C${serial}`,
});
export const other = (serial: number | string): UnitIdentifier => ({
  kind: 'sgtin',
  gtin: OTHER_GTIN,
  serial: `P${serial}`,
});
export const sscc = (reference: number, prefix = '4012345'): UnitIdentifier => ({
  kind: 'sscc',
  sscc: must(parseSscc(withCheck(`3${prefix}${String(reference).padStart(9, '0')}`))),
});
export const lgtin = (lot = LOT, of = GTIN): Identifier => ({ kind: 'lgtin', gtin: of, lot });
export const pgln = (of: string): Identifier => must(identify(`https://id.gs1.org/417/${of}`)).identifier;
export const sgln = (of: string): Identifier => must(identify(`https://id.gs1.org/414/${of}`)).identifier;
export const key = (unit: UnitIdentifier): string => unitKeyOf(unit);

/** 2026-03-02T09:00:00Z. */
export const START = 1_772_442_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface PartySketch {
  readonly gln: string;
  readonly roles: readonly Role[];
  readonly licences?: readonly string[];
  readonly country?: string;
  readonly locations?: readonly string[];
  readonly agents?: readonly { readonly gln: string; readonly mandate: boolean }[];
}

const SKETCHES: readonly PartySketch[] = [
  {
    gln: MAKER,
    roles: ['manufacturer'],
    licences: ['manufacturing'],
    locations: [MAKER_SITE],
    agents: [{ gln: CMO, mandate: false }],
  },
  {
    gln: TRADER,
    roles: ['distributor'],
    licences: ['wholesale'],
    locations: [TRADER_ABROAD],
    agents: [{ gln: KEEPER, mandate: false }],
  },
  { gln: PHARMACY, roles: ['pharmacy'], licences: ['dispensing'], locations: [PHARMACY_COUNTER] },
  { gln: AUTHORITY, roles: ['regulator'] },
  { gln: CMO, roles: ['cmo'], licences: ['manufacturing'] },
  { gln: KEEPER, roles: ['3pl'], licences: ['wholesale'] },
  { gln: DISPOSER, roles: ['disposer'], licences: ['disposal'] },
  { gln: PHARMACY_2, roles: ['pharmacy'], licences: ['dispensing'] },
  { gln: INSURER, roles: ['insurer'] },
  { gln: ABROAD, roles: ['foreign'], country: 'BR' },
  { gln: US_TRADER, roles: ['distributor'], licences: ['wholesale'], country: 'US' },
  { gln: US_PHARMACY, roles: ['pharmacy'], licences: ['dispensing'], country: 'US' },
  { gln: UNLICENSED, roles: ['pharmacy'] },
];

function partyJson({
  gln: of,
  roles,
  licences = [],
  country = 'DE',
  locations = [],
  agents = [],
}: PartySketch): JsonObject {
  return {
    gln: of,
    name: `Party ${of}`,
    country,
    roles,
    licences: licences.map((kind) => ({ kind, validFrom: START - DAY })),
    prefixes: [of.slice(0, 7)],
    locations: locations.map((place) => ({ gln: place, country: place === TRADER_ABROAD ? 'FR' : country })),
    agents: agents.map((agent) => ({ ...agent, validFrom: START - DAY })),
  };
}

const PRODUCTS: readonly Json[] = [
  {
    gtin: GTIN,
    owner: MAKER,
    name: 'Alpenrose 20',
    content: { amount: 20, uom: 'TB' },
    cmos: [{ gln: CMO, validFrom: START - DAY }],
    levels: [{ gtin: CASE_GTIN, name: 'case of 4', packs: 4 }],
    coveredFrom: '2026-01-01',
  },
  { gtin: OTHER_GTIN, owner: MAKER, name: 'Alpenrose 50' },
];

function genesis(): ReadonlyMap<string, Entry> {
  return must(
    registryGenesis(hasher, {
      time: START,
      parties: SKETCHES.map(partyJson),
      keys: [],
      products: PRODUCTS,
      countries: { DE: 'EU', US: 'US' },
      ruleSets: {
        US: { transactionStatementRequired: true, possessorAtDispensing: 'refuse', partialDispensing: true },
      },
    }),
  );
}

const GENESIS = genesis();
const CONTEXT = must(parseContext(CUSTOS_CONTEXT));

export const eventOf = (json: Json): EpcisEvent => must(parseEvent(json, CONTEXT));

export type Sketch = Omit<Partial<EventSketch>, 'action'>;

export interface World {
  readonly state: Overlay;
  /** Block time of the next event in milliseconds; it advances a minute with each event. */
  now: number;
  /** Decides an event, and applies the changes when it is accepted. */
  tell(signer: string, event: JsonObject, envelope?: Partial<Envelope>): Decision;
  /** Decides an event as `tell` does; throws when it is refused. */
  done(signer: string, event: JsonObject, envelope?: Partial<Envelope>): Accepted;
  /** Returns the code of the refusal, or `accepted`. */
  refused(signer: string, event: JsonObject, envelope?: Partial<Envelope>): RefusalCode | 'accepted';
  unit(of: UnitIdentifier): Unit;
  /** Returns the outermost container around the unit, which holds its custody (S8). */
  holder(of: UnitIdentifier): Unit;
  shipment(key: string): Shipment;
  object(sketch: Partial<ObjectSketch>): JsonObject;
  aggregation(sketch: Partial<AggregationSketch>): JsonObject;
  commission(units: readonly UnitIdentifier[], more?: Partial<ObjectSketch>): JsonObject;
  begin(units: readonly UnitIdentifier[], more?: Partial<ObjectSketch>): JsonObject;
  pack(parent: UnitIdentifier, children: readonly UnitIdentifier[], more?: Sketch): JsonObject;
  unpack(parent: UnitIdentifier, children?: readonly UnitIdentifier[], more?: Sketch): JsonObject;
  ship(units: readonly UnitIdentifier[], to: string, more?: Sketch): JsonObject;
  receive(units: readonly UnitIdentifier[], more?: Sketch): JsonObject;
  dispense(units: readonly UnitIdentifier[], more?: Sketch): JsonObject;
  recall(statement: JsonObject, lots?: readonly Identifier[]): JsonObject;
}

export const BUDGET = { reads: 24_000, changes: 6_000 };

function numbered(n: number): Digest {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, n);
  return digestOf(bytes);
}

/** Returns a network with this state. `begun` is the number of earlier transactions, so that ids do not repeat. */
export function world(entries: ReadonlyMap<string, Entry> = GENESIS, begun = 0): World {
  const state = overlay(mapView(entries));
  let count = begun;
  const unit = (of: UnitIdentifier): Unit => unitOf(key(of), state.get(key(of))!);
  const self: World = {
    state,
    now: START,
    tell(signer, event, envelope = {}) {
      self.now += MINUTE;
      const txId = numbered(++count);
      const decision = decide(
        state,
        {
          txId,
          index: 0,
          createdAt: self.now,
          salt: numbered(0x5a17 + count),
          context: CUSTOS_CONTEXT,
          header: undefined,
          signer,
          ...envelope,
        },
        eventOf(event),
        { hasher, height: count, timestamp: self.now, budget: BUDGET },
      );
      if (decision.outcome === 'accepted') applyChanges(state, decision.changes);
      return decision;
    },
    done(signer, event, envelope) {
      const decision = self.tell(signer, event, envelope);
      if (decision.outcome === 'refused') throw new Error(JSON.stringify(decision.refusal));
      return decision;
    },
    refused(signer, event, envelope) {
      const decision = self.tell(signer, event, envelope);
      return decision.outcome === 'refused' ? decision.refusal.code : 'accepted';
    },
    unit,
    holder(of) {
      let at = unit(of);
      while (at.container) at = unitOf(at.container.key, state.get(at.container.key)!);
      return at;
    },
    shipment: (of) => shipmentOf(of, state.get(of)!),
    object: (sketch) => objectEvent({ action: 'OBSERVE', ...named(), ...sketch }),
    aggregation: (sketch) => aggregationEvent({ action: 'OBSERVE', ...named(), ...sketch }),
    commission: (epcs, more) =>
      self.object({ action: 'ADD', bizStep: 'commissioning', epcs, ilmd: { lot: LOT, expiry: EXPIRY }, ...more }),
    begin: (epcs, more) => self.object({ action: 'ADD', bizStep: 'commissioning', epcs, ...more }),
    pack: (parent, children, more) =>
      self.aggregation({ action: 'ADD', bizStep: 'packing', parent, children, ...more }),
    unpack: (parent, children, more) =>
      self.aggregation({ action: 'DELETE', bizStep: 'unpacking', parent, children: children ?? [], ...more }),
    ship: (epcs, to, more) =>
      self.object({
        bizStep: 'shipping',
        disposition: 'in_transit',
        epcs,
        destinations: [
          { type: 'owning_party', destination: pgln(to) },
          { type: 'possessing_party', destination: pgln(to) },
        ],
        ...more,
      }),
    receive: (epcs, more) => self.object({ bizStep: 'receiving', epcs, ...more }),
    dispense: (epcs, more) => self.object({ bizStep: 'dispensing', disposition: 'dispensed', epcs, ...more }),
    recall: (statement, lots = [lgtin()]) =>
      self.object({ quantities: lots.map((epcClass) => ({ epcClass })), custos: { recall: statement } }),
  };
  const named = (): { readonly eventID: string; readonly eventTime: number } => ({
    eventID: `urn:uuid:00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
    eventTime: self.now,
  });
  return self;
}

/**
 * Returns a network with a pallet of the maker: two cases of two packs each, all active, packed and in its possession.
 */
export function palletWorld(): World & { readonly pallet: UnitIdentifier } {
  const w = world();
  const pallet = sscc(1);
  w.done(MAKER, w.commission([pack(1), pack(2), pack(3), pack(4), carton(1), carton(2)]));
  w.done(MAKER, w.begin([pallet]));
  w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
  w.done(MAKER, w.pack(carton(2), [pack(3), pack(4)]));
  w.done(MAKER, w.pack(pallet, [carton(1), carton(2)]));
  return Object.assign(w, { pallet });
}

/** Returns the state of a network, from which others can start. */
export function snapshot(w: World): ReadonlyMap<string, Entry> {
  const entries = new Map(GENESIS);
  for (const { key: changed, after } of w.state.changes()) if (after) entries.set(changed, after);
  return entries;
}
