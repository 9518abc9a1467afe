import {
  attempt,
  closedObjectOf,
  isJsonObject,
  objectOf,
  reject,
  wordOf,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import { digestAt, type Digest } from '@custos/core-crypto';

/** Part 0 of a `capture`, which applies to all its events (L2.6). */
export interface CaptureHead {
  readonly context: Json | undefined;
  readonly header: JsonObject | undefined;
  readonly onError: 'rollback' | 'proceed';
  /** 32 random bytes in hex, from which the salts of the private parts are derived (L6.2). */
  readonly salt: Digest;
}

const MEMBERS = ['context', 'header', 'onError', 'salt'] as const;

/**
 * Parses part 0 of a capture. Refuses CAPTURE_HEAD_MISSING and the codes of the field readers, with a JSON pointer
 * within the part.
 */
export function parseCaptureHead(part: Json | undefined): Parsed<CaptureHead> {
  return attempt(() => {
    if (!isJsonObject(part)) return reject('CAPTURE_HEAD_MISSING', '', 'begin with { context, header, onError, salt }');
    const { context, header, onError, salt } = closedObjectOf(part, '', MEMBERS);
    return {
      context,
      header: header === undefined ? undefined : objectOf(header, '/header'),
      onError: wordOf(onError, '/onError', ['rollback', 'proceed']),
      salt: digestAt(salt, '/salt'),
    };
  });
}
