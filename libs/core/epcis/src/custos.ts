import { isJsonObject, type Json } from '@custos/core-bytes';
import { CUSTOS_NAMESPACE, type EpcisEvent } from './events.js';

const OURS = `{${CUSTOS_NAMESPACE}}`;

/**
 * Returns a member of the namespace of Custos, such as `custos:hold`, whatever its prefix. Names inside it lose the
 * namespace, so that `{ op }` and `{ custos:op }` are equal.
 */
export function custosExtension(event: EpcisEvent, name: string): Json | undefined {
  const key = OURS + name;
  const value = Object.hasOwn(event.extensions, key) ? event.extensions[key] : undefined;
  return value === undefined ? undefined : bare(value);
}

function bare(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(bare);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.startsWith(OURS) ? name.slice(OURS.length) : name,
      bare(member!),
    ]),
  );
}
