import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { Digest, Hasher } from '@custos/core-crypto';
import type { FinalityRecord } from '@custos/core-finality';
import { decodeHeader, isClosing } from './header.js';

/**
 * Returns the hash of the block that a finality record makes final, with all its ancestors (K7): the certified block,
 * or the block below the closing headers (K14). Does not verify the signatures of the certificate. Refuses NOT_CLOSING,
 * PREVIOUS_HASH_WRONG and CERTIFICATE_UNRELATED.
 */
export function finalisedBy(hasher: Hasher, record: FinalityRecord): Parsed<Digest> {
  const { finalize, closingHeaders } = record;
  let target: Digest | undefined;
  let top: Digest | undefined;
  for (const [i, bytes] of closingHeaders.entries()) {
    const field = `/closingHeaders/${i}`;
    const result = decodeHeader(hasher, bytes);
    if (!result.ok) return malformed(result.malformed.code, `${field}/${result.malformed.field}`, result.malformed.fix);
    const header = result.value;
    if (!isClosing(header) || header.epoch !== finalize.epoch)
      return malformed('NOT_CLOSING', field, 'show closing headers of the certified epoch only');
    if (top !== undefined && header.previousHash !== top)
      return malformed('PREVIOUS_HASH_WRONG', field, 'show closing headers oldest first, each on the one before');
    target ??= header.previousHash;
    top = header.ownHash;
  }
  if (top !== undefined && top !== finalize.hash)
    return malformed('CERTIFICATE_UNRELATED', '/finalize', 'certify the last closing header');
  return parsed(target ?? finalize.hash);
}
