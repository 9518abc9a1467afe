import { isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';

const AFFIRMATION = 'affirmTransactionStatement';

/**
 * Reports whether the header of the document affirms the transaction statement (21 U.S.C. 360eee (27)). Partners nest
 * it differently; GS1 US fixed the name of the member, after any prefix (Rx guideline R1.3).
 */
export function isTransactionStated(header: JsonObject | undefined): boolean {
  return header !== undefined && affirms(header);
}

function affirms(value: Json): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => affirms(item));
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([name, member]) => {
    if (localName(name) === AFFIRMATION && (member === true || member === 'true')) return true;
    return member !== undefined && affirms(member);
  });
}

/** Returns the part of a name after its last `:` or `}`. */
export function localName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf(':'), name.lastIndexOf('}')) + 1);
}
