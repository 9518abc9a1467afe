import { utf8, type JsonObject } from '@custos/core-bytes';
import type { Change } from '@custos/core-state';
import { LIMITS } from './limits.js';
import { CUSTODY_SPACES } from './state-keys.js';

/** L5.7: the first part of a changed record that is over its limit. */
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

// As long as the canonical form, whatever the order of members, and made in a tenth of the time. A character is 1 to 3 bytes of UTF-8: bytes are only counted where that can exceed the limit.
function sizeOf(part: JsonObject, limit: number): number {
  const text = JSON.stringify(part);
  return 3 * text.length <= limit ? text.length : utf8(text).length;
}
