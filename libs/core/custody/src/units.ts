import type { Change, Entry, ReceiptChange } from '@custos/core-registry';
import { compareText } from '@custos/core-bytes';
import { ancestorsOf, childrenIn, putInto, putUnit, rootOf, takeOut, type UnitStore } from './containment.js';
import type { CountedView } from './counted-view.js';
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

/** Units, lots and shipments as one event sees and changes them. Dropped when the event is refused. */
export interface Units {
  find(key: string): Unit | undefined;
  get(key: string): Unit;
  begin(unit: Unit): void;
  put(unit: Unit): void;
  /** Containers around, nearest first. */
  ancestors(unit: Unit): readonly Unit[];
  root(unit: Unit): Unit;
  /** S8: custody of a unit is that of its outermost container. */
  custody(unit: Unit): Custody;
  /** L5.5: `contains.levels[0]` says how many before any is read. */
  children(container: Unit): readonly string[];
  putInto(childKey: string, containerKey: string): void;
  takeOut(childKey: string): void;
  findLot(key: string): Lot | undefined;
  putLot(lot: Lot): void;
  findShipment(key: string): Shipment | undefined;
  putShipment(shipment: Shipment): void;
  /** Keys written so far. */
  written(): number;
  /** What differs from the state, by ascending key, and what the receipt says of it. */
  outcome(sealing: Sealing): Outcome;
}

export interface Outcome {
  readonly changes: readonly Change[];
  readonly receiptChanges: readonly ReceiptChange[];
}

interface Shelf<T> {
  find(key: string): T | undefined;
  set(key: string, value: T): void;
  /** As the state has it. */
  before(key: string): T | undefined;
  written(): ReadonlyMap<string, T>;
}

function shelf<T>(view: CountedView, decode: (key: string, entry: Entry) => T): Shelf<T> {
  const decoded = new Map<string, T | undefined>();
  const written = new Map<string, T>();
  const before = (key: string): T | undefined => {
    if (!decoded.has(key)) {
      const entry = view.get(key);
      decoded.set(key, entry && decode(key, entry));
    }
    return decoded.get(key);
  };
  return {
    before,
    find: (key) => written.get(key) ?? before(key),
    set: (key, value) => void written.set(key, value),
    written: () => written,
  };
}

export function unitsOver(view: CountedView): Units {
  const units = shelf<Unit>(view, unitOf);
  const lots = shelf<Lot>(view, lotOf);
  const shipments = shelf<Shipment>(view, shipmentOf);
  const pages = shelf<readonly string[]>(view, (_key, entry) => childrenOf(entry));
  const store: UnitStore = {
    get: (key) => present(units.find(key), key),
    set: (unit) => units.set(unit.key, unit),
    page: (key) => pages.find(key) ?? [],
    setPage: (key, children) => pages.set(key, children),
  };
  const shelves = [units, lots, shipments, pages];
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
    written: () => shelves.reduce((sum, one) => sum + one.written().size, 0),
    outcome(sealing) {
      const kept = new Set<string>();
      const changes: Change[] = [];
      const keep = (key: string, after: Entry | undefined): void => {
        const before = view.get(key);
        if (after ? saysTheSame(before, after) : !before) return;
        changes.push({ key, before, after });
        kept.add(key);
      };
      for (const [key, unit] of units.written()) keep(key, unitEntry(sealing, unit));
      for (const [key, lot] of lots.written()) keep(key, lotEntry(sealing, lot));
      for (const [key, shipment] of shipments.written()) keep(key, shipmentEntry(sealing, shipment));
      for (const [key, children] of pages.written())
        keep(key, children.length > 0 ? contentsEntry(sealing, key, children) : undefined);
      changes.sort((a, b) => compareText(a.key, b.key));
      const stated: Stated[] = [];
      const state = <T>(from: Shelf<T>, set: (before: T | undefined, after: T) => Stated['set']): void => {
        for (const [key, after] of from.written())
          if (kept.has(key)) stated.push({ key, set: set(from.before(key), after) });
      };
      state(units, unitSet);
      state(lots, lotSet);
      state(shipments, shipmentSet);
      return { changes, receiptChanges: receiptChanges(stated) };
    },
  };
}

function present<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new Error(`the state lacks what ${key} needs`);
  return value;
}
