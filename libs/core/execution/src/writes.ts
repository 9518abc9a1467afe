import { canonicalJson } from '@custos/core-bytes';
import type { TreeWrite } from '@custos/core-merkle';
import type { Change, Entry } from '@custos/core-state';

/**
 * Returns the writes to the state tree of a block's changes. Only values are leaves (L6.2); they bind the private
 * parts.
 */
export function stateWrites(changes: readonly Change[]): readonly TreeWrite[] {
  return changes.map(({ key, after }) => ({ key, value: after && canonicalJson(after.value) }));
}

/** Returns the writes of a whole state, for genesis and for a rebuilt arena (L6.8). */
export function entryWrites(entries: Iterable<readonly [string, Entry]>): readonly TreeWrite[] {
  return Array.from(entries, ([key, entry]) => ({ key, value: canonicalJson(entry.value) }));
}
