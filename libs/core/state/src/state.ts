import { compareText, isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';

/**
 * The content of one state key. `value` is the leaf under the state root; `private` and `summary` are kept beside the
 * tree for members, and `value` holds their commitments (L6.2, L6.3, L6.5).
 */
export interface Entry {
  readonly value: JsonObject;
  readonly private?: JsonObject;
  readonly summary?: JsonObject;
}

/** A read-only view of the state. A read has no effect, except that a `CountedView` counts it (L5.5). */
export interface StateView {
  get(key: string): Entry | undefined;
}

/** One key whose entry differs after a decision (L5.5). `undefined` stands for a key that is not in the state. */
export interface Change {
  readonly key: string;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** A writable view. Later reads see what was set; the view below never changes. */
export interface Overlay extends StateView {
  set(key: string, entry: Entry | undefined): void;
  /** Returns the differences from the view below, ascending by key. A key set back to its old entry is not listed. */
  changes(): readonly Change[];
  /** Sets in `onto` each key that was set here, changed or not: for layers whose changes are not needed. */
  copyTo(onto: Overlay): void;
}

/** Returns a writable view over `below`. The old entry of a key is read when the key is first set. */
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

/** Writes the changes of one decision into the overlay that the next decision reads. */
export function applyChanges(onto: Overlay, changes: readonly Change[]): void {
  for (const { key, after } of changes) onto.set(key, after);
}

/**
 * Returns whether the canonical JSON of both entries is equal, without building it: overlays compare every written key.
 */
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

// A member that is undefined counts as absent: canonical JSON leaves it out.
function sameMembers(a: JsonObject, b: JsonObject): boolean {
  for (const name of Object.keys(a)) if (!sameJson(a[name], own(b, name))) return false;
  for (const name of Object.keys(b)) if (own(a, name) === undefined && b[name] !== undefined) return false;
  return true;
}

function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Returns a view of a state that is in memory as a map: genesis, tests, replay. */
export function mapView(entries: ReadonlyMap<string, Entry>): StateView {
  return { get: (key) => entries.get(key) };
}
