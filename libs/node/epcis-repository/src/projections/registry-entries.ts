import { isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';
import { gtinKey, REGISTRY_SPACES, VALIDATORS_KEY } from '@custos/core-registry';
import { type Entry } from '@custos/core-state';

/** Key spaces of the state that the registry's rows hold, whole, as entries of the same shape (L6.1). */
const SPACES: readonly string[] = Object.values(REGISTRY_SPACES);

/** Returns whether a state key belongs to the registry. */
export function isRegistryKey(key: string): boolean {
  return key === VALIDATORS_KEY || SPACES.some((space) => key.startsWith(space));
}

/** Members that stand beside the leaf (L6.4). */
const BESIDE_LEAF: ReadonlySet<string> = new Set(['agents', 'levels', 'versions']);

/**
 * The entry after a receipt's statement; undefined = no longer there. Commitments are left out: a read model proves
 * nothing, and a receipt does not state them.
 */
export function entryAfter(key: string, before: Entry | undefined, set: JsonObject): Entry | undefined {
  // A location whose party is gone is no location (its receipt says so).
  if (key.startsWith(REGISTRY_SPACES.gln) && set.party === null) return undefined;
  const value: Record<string, Json | undefined> = { ...before?.value };
  const beside: Record<string, Json | undefined> = { ...before?.private };
  for (const [member, stated] of Object.entries(set)) {
    const part = BESIDE_LEAF.has(member) ? beside : value;
    if (stated === null) delete part[member];
    else part[member] = stated;
  }
  delete value.detail;
  const newest = key.startsWith(REGISTRY_SPACES.product) ? newestVersion(set.versions) : {};
  const entry = { value: { ...value, ...newest } };
  return Object.keys(beside).length > 0 ? { ...entry, private: beside } : entry;
}

// The leaf of a product has name and number of its newest version.
function newestVersion(versions: Json | undefined): JsonObject {
  const last: Json | undefined = Array.isArray(versions) ? (versions as readonly Json[]).at(-1) : undefined;
  return isJsonObject(last) ? { name: last.name, version: last.version } : {};
}

/** The GTINs of a product's packaging levels belong to it: the receipt states levels, not each GTIN. */
export function levelStatements(
  key: string,
  set: JsonObject,
): readonly { readonly key: string; readonly set: JsonObject }[] {
  if (!key.startsWith(REGISTRY_SPACES.product) || !Array.isArray(set.levels)) return [];
  const base = key.slice(REGISTRY_SPACES.product.length);
  return (set.levels as readonly Json[]).flatMap((level) =>
    isJsonObject(level) && typeof level.gtin === 'string' ? [{ key: gtinKey(level.gtin), set: { base } }] : [],
  );
}
