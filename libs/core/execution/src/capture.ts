import { attempt, isJsonObject, orReject, reject, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { parseDigest, type Digest } from '@custos/core-crypto';

/** Part 0 of a `capture`: what holds for all its events (L2.6). */
export interface CaptureHead {
  readonly context: Json | undefined;
  readonly header: JsonObject | undefined;
  readonly onError: 'rollback' | 'proceed';
  /** 32 random bytes in hex: salts the private parts that the events write (L6.2). */
  readonly salt: Digest;
}

const MEMBERS: ReadonlySet<string> = new Set(['context', 'header', 'onError', 'salt']);

export function parseCaptureHead(part: Json | undefined): Parsed<CaptureHead> {
  return attempt(() => {
    if (!isJsonObject(part)) return reject('CAPTURE_HEAD_MISSING', '', 'begin with { context, header, onError, salt }');
    for (const name of Object.keys(part)) if (!MEMBERS.has(name)) reject('FIELD_UNKNOWN', `/${name}`, 'leave it out');
    const { context, header, onError, salt } = part;
    if (header !== undefined && !isJsonObject(header)) return reject('OBJECT_EXPECTED', '/header', 'send an object');
    if (onError !== 'rollback' && onError !== 'proceed') {
      return reject('WORD_UNKNOWN', '/onError', 'one of rollback, proceed');
    }
    if (typeof salt !== 'string') return reject('TEXT_EXPECTED', '/salt', 'send 64 lower-case hex digits');
    return { context, header, onError, salt: orReject(parseDigest(salt, '/salt')) };
  });
}
