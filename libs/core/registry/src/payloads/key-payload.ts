import { attempt, fields, type Json, type Parsed } from '@custos/core-bytes';
import type { KeyId } from '@custos/core-crypto';
import { keyIdAt } from '../entries/terms.js';

/** The payload of a transaction of kind `key` (L2.6). `suspectSince` is in milliseconds since 1970. */
export type KeyPayload =
  | { readonly op: 'revoke'; readonly keyId: KeyId; readonly suspectSince?: number }
  | { readonly op: 'enrol' | 'rotate' };

const OPS = ['revoke', 'enrol', 'rotate'] as const;

/** Parses the payload of kind `key` (L2.6). The fields of `enrol` and `rotate` are not read yet. */
export function parseKeyPayload(value: Json): Parsed<KeyPayload> {
  return attempt(() => {
    const source = fields(value, '');
    const op = source.oneOf('op', OPS);
    if (op !== 'revoke') return { op };
    const keyId = keyIdAt(source.take('keyId'), source.at('keyId'));
    const suspectSince = source.has('suspectSince') ? source.integer('suspectSince', 0) : undefined;
    source.end();
    return { op, keyId, suspectSince };
  });
}
