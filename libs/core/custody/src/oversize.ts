import { utf8, type JsonObject } from '@custos/core-bytes';
import type { Change } from '@custos/core-state';
import { LIMITS } from './limits.js';
import { CUSTODY_SPACES } from './state-keys.js';

/** L5.7: returns key, part and limit of the first changed record that exceeds its limit; undefined when none does. */
export function findOversize(changes: readonly Change[]): JsonObject | undefined {
  for (const { key, after } of changes) {
    if (!after) continue;
    const parts = [
      ['value', after.value, key.startsWith(CUSTODY_SPACES.lot) ? LIMITS.lotValue : LIMITS.unitValue],
      ['private', after.private, key.startsWith('contents/') ? LIMITS.contents : LIMITS.private],
      ['summary', after.summary, LIMITS.summary],
    ] as const;
    const over = parts.find(([, part, limit]) => part !== undefined && sizeOf(part, limit) > limit);
    if (over) return { key, part: over[0], limit: over[2] };
  }
  return undefined;
}

// Returns the length in bytes of the canonical form, which does not depend on the order of members, in a tenth of the
// time. A character has 1 to 3 bytes of UTF-8, so bytes are only counted where the text may exceed the limit.
function sizeOf(part: JsonObject, limit: number): number {
  const text = JSON.stringify(part);
  return 3 * text.length <= limit ? text.length : utf8(text).length;
}
