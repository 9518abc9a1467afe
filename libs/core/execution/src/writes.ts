import { canonicalJson } from '@custos/core-bytes';
import type { TreeWrite } from '@custos/core-merkle';
import type { Change, Entry } from '@custos/core-state';

/** What a block's changes do to the state tree: only values are leaves (L6.2), the rest is bound by them. */
export function stateWrites(changes: readonly Change[]): readonly TreeWrite[] {
  return changes.map(({ key, after }) => ({ key, value: after && canonicalJson(after.value) }));
}

/** The same for a whole state, as genesis and a rebuilt arena need it. */
export function entryWrites(entries: Iterable<readonly [string, Entry]>): readonly TreeWrite[] {
  return Array.from(entries, ([key, entry]) => ({ key, value: canonicalJson(entry.value) }));
}
