import { compareText, isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';

/**
 * What stands under one state key. `value` is the leaf that the state root commits to; `private` and `summary`
 * lie beside the tree for members, and `value` holds their commitments (L6.2, L6.3, L6.5).
 */
export interface Entry {
  readonly value: JsonObject;
  readonly private?: JsonObject;
  readonly summary?: JsonObject;
}

/** The state as a decision sees it; reading has no effect but to be counted (L5.5). */
export interface StateView {
  get(key: string): Entry | undefined;
}

/** One key that differs after a decision (L5.5). Absent = the key is not in the state. */
export interface Change {
  readonly key: string;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** A view that can be written: what is set is seen by later reads and never reaches the view below. */
export interface Overlay extends StateView {
  set(key: string, entry: Entry | undefined): void;
  /** What differs from the view below, ascending by key; a key set back to what it was is no change. */
  changes(): readonly Change[];
  /** Sets in `onto` all that was set here, differing or not: for layers whose differences no one asks for. */
  copyTo(onto: Overlay): void;
}

export function overlay(below: StateView): Overlay {
  const written = new Map<string, { readonly before: Entry | undefined; after: Entry | undefined }>();
  return {
    get(key) {
      const own = written.get(key);
      return own ? own.after : below.get(key);
    },
    set(key, after) {
      const own = written.get(key);
      if (own) own.after = after;
      else written.set(key, { before: below.get(key), after });
    },
    changes() {
      const changed: Change[] = [];
      for (const [key, { before, after }] of written) {
        if (!sameEntry(before, after)) changed.push({ key, before, after });
      }
      return changed.sort((a, b) => compareText(a.key, b.key));
    },
    copyTo(onto) {
      for (const [key, { after }] of written) onto.set(key, after);
    },
  };
}

/** Writes a decision's changes into the overlay that the next decision reads. */
export function applyChanges(onto: Overlay, changes: readonly Change[]): void {
  for (const { key, after } of changes) onto.set(key, after);
}

/** Equal as canonical JSON, without writing it down: states are compared far more often than they differ little. */
export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  return sameJson(a.value, b.value) && sameJson(a.private, b.private) && sameJson(a.summary, b.summary);
}

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  return isJsonObject(a) && isJsonObject(b) && sameMembers(a, b);
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

// A member that is undefined is absent: canonical JSON leaves both out.
function sameMembers(a: JsonObject, b: JsonObject): boolean {
  for (const name of Object.keys(a)) if (!sameJson(a[name], own(b, name))) return false;
  for (const name of Object.keys(b)) if (own(a, name) === undefined && b[name] !== undefined) return false;
  return true;
}

function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The state as a plain map: genesis, tests, and whoever holds all of it in memory. */
export function mapView(entries: ReadonlyMap<string, Entry>): StateView {
  return { get: (key) => entries.get(key) };
}
