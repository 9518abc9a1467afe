import { isJsonObject, type Json } from '@custos/core-bytes';

/**
 * Reports whether two values have the same canonical form, without building it: most records differ in their first
 * members. A missing member equals undefined.
 */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length && (a as readonly Json[]).every((item, i) => sameJson(item, (b as readonly Json[])[i]))
    );
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  return (
    Object.keys(a).every((name) => sameJson(a[name], own(b, name))) &&
    Object.keys(b).every((name) => own(a, name) !== undefined || b[name] === undefined)
  );
}

function own(value: { readonly [name: string]: Json | undefined }, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
