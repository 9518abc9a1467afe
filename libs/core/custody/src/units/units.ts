import type { Change, Entry, ReceiptChange, CountedView } from '@custos/core-state';
import type { JsonObject } from '@custos/core-bytes';
import { ancestorsOf, childrenIn, putInto, putUnit, rootOf, takeOut, type UnitStore } from './containment.js';
import {
  childrenOf,
  contentsEntry,
  lotEntry,
  lotOf,
  saysTheSame,
  shipmentEntry,
  shipmentOf,
  unitEntry,
  unitOf,
  type Sealing,
} from './entries.js';
import type { Lot } from './lot.js';
import { lotSet, receiptChanges, shipmentSet, unitSet, type Stated } from './receipt.js';
import type { Shipment } from './shipment.js';
import type { Custody, Unit } from './unit.js';

/** The units, lots and shipments that one event reads and changes. They are dropped when the event is refused. */
export interface Units {
  find(key: string): Unit | undefined;
  get(key: string): Unit;
  begin(unit: Unit): void;
  put(unit: Unit): void;
  /** Returns the containers around a unit, nearest first. */
  ancestors(unit: Unit): readonly Unit[];
  root(unit: Unit): Unit;
  /** S8: returns the custody of a unit, which is that of its outermost container. */
  custody(unit: Unit): Custody;
  /** Returns the keys of a container's children. L5.5: `contains.levels[0]` holds their number, to check before. */
  children(container: Unit): readonly string[];
  putInto(childKey: string, containerKey: string): void;
  takeOut(childKey: string): void;
  findLot(key: string): Lot | undefined;
  putLot(lot: Lot): void;
  findShipment(key: string): Shipment | undefined;
  putShipment(shipment: Shipment): void;
  /** Returns the number of keys written. */
  written(): number;
  /** Returns the changes of the state, in no order, and those that the receipt states. */
  outcome(sealing: Sealing): Outcome;
}

/** The changes of one event, in the state and in its receipt. */
interface Outcome {
  readonly changes: readonly Change[];
  readonly receiptChanges: readonly ReceiptChange[];
}

/** The encoding of one kind of records, and the changes that a receipt states of them. */
interface Form<T> {
  readonly decode: (key: string, entry: Entry) => T;
  /** Undefined removes the record. */
  readonly encode: (sealing: Sealing, key: string, value: T) => Entry | undefined;
  readonly stated?: (before: T | undefined, after: T) => JsonObject;
}

interface Shelf<T> {
  find(key: string): T | undefined;
  set(key: string, value: T): void;
  written(): number;
  /** Appends the changes of the state, and those that the receipt states. */
  settle(sealing: Sealing, changes: Change[], stated: Stated[]): void;
}

function shelf<T>(view: CountedView, form: Form<T>): Shelf<T> {
  const decoded = new Map<string, T | undefined>();
  const written = new Map<string, T>();
  const before = (key: string): T | undefined => {
    if (!decoded.has(key)) {
      const entry = view.get(key);
      decoded.set(key, entry && form.decode(key, entry));
    }
    return decoded.get(key);
  };
  return {
    find: (key) => written.get(key) ?? before(key),
    set: (key, value) => void written.set(key, value),
    written: () => written.size,
    settle(sealing, changes, stated) {
      for (const [key, value] of written) {
        const was = view.get(key);
        const after = form.encode(sealing, key, value);
        if (after ? saysTheSame(was, after) : !was) continue;
        changes.push({ key, before: was, after });
        if (form.stated) stated.push({ key, set: form.stated(before(key), value) });
      }
    },
  };
}

const UNIT: Form<Unit> = { decode: unitOf, encode: (sealing, _key, unit) => unitEntry(sealing, unit), stated: unitSet };
const LOT: Form<Lot> = { decode: lotOf, encode: (sealing, _key, lot) => lotEntry(sealing, lot), stated: lotSet };
const SHIPMENT: Form<Shipment> = {
  decode: shipmentOf,
  encode: (sealing, _key, shipment) => shipmentEntry(sealing, shipment),
  stated: shipmentSet,
};
/** L6.1: an empty page of contents has no entry. */
const PAGE: Form<readonly string[]> = {
  decode: (_key, entry) => childrenOf(entry),
  encode: (sealing, key, children) => (children.length > 0 ? contentsEntry(sealing, key, children) : undefined),
};

/** Returns the units, lots and shipments over a state. */
export function unitsOver(view: CountedView): Units {
  const units = shelf(view, UNIT);
  const lots = shelf(view, LOT);
  const shipments = shelf(view, SHIPMENT);
  const pages = shelf(view, PAGE);
  const shelves = [units, lots, shipments, pages];
  const store: UnitStore = {
    get: (key) => present(units.find(key), key),
    set: (unit) => units.set(unit.key, unit),
    page: (key) => pages.find(key) ?? [],
    setPage: (key, children) => pages.set(key, children),
  };
  return {
    find: (key) => units.find(key),
    get: store.get,
    begin: store.set,
    put: (unit) => putUnit(store, unit),
    ancestors: (unit) => ancestorsOf(store, unit),
    root: (unit) => rootOf(store, unit),
    custody: (unit) => present(rootOf(store, unit).custody, unit.key),
    children: (container) => childrenIn(store, container),
    putInto: (child, container) => putInto(store, child, container),
    takeOut: (child) => takeOut(store, child),
    findLot: (key) => lots.find(key),
    putLot: (lot) => lots.set(lot.key, lot),
    findShipment: (key) => shipments.find(key),
    putShipment: (shipment) => shipments.set(shipment.key, shipment),
    written: () => shelves.reduce((sum, one) => sum + one.written(), 0),
    outcome(sealing) {
      const changes: Change[] = [];
      const stated: Stated[] = [];
      for (const one of shelves) one.settle(sealing, changes, stated);
      return { changes, receiptChanges: receiptChanges(stated) };
    },
  };
}

function present<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new Error(`the state lacks what ${key} needs`);
  return value;
}
