import { isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';
import { isSealed } from '@custos/core-crypto';
import { foldAscii, namesGsrn } from '@custos/core-gs1';
import { localName } from './statement.js';

// L2.8: a value that may identify a person is on chain only as its seal: the GSRN of a recipient (AI 8018) and of a
// provider of care (AI 8017), in every form of a code, and the members below.

/** The names of members, after any prefix, whose value identifies a person or leads to one. Lower case. */
const PERSONAL_MEMBERS: readonly string[] = [
  'prescription',
  'prescriptionid',
  'prescriptionnumber',
  'contact',
  'contactname',
  'patient',
  'patientid',
  'patientname',
  'prescriber',
  'emailaddress',
  'email',
  'telephonenumber',
  'faxnumber',
];

/**
 * Returns the JSON pointer of the first unsealed value that may identify a person (L2.8); undefined when there is none.
 */
export function findPersonal(value: Json, at = ''): string | undefined {
  if (typeof value === 'string') return namesGsrn(value) ? at : undefined;
  if (Array.isArray(value)) return firstOf(value as readonly Json[], (item, i) => findPersonal(item, `${at}/${i}`));
  if (!isJsonObject(value)) return undefined;
  return firstOf(Object.keys(value), (name) => findInMember(name, value[name], `${at}/${name}`, value));
}

function findInMember(name: string, member: Json | undefined, at: string, around: JsonObject): string | undefined {
  if (member === undefined) return undefined;
  return isPersonalMember(name, member, around) ? at : findPersonal(member, at);
}

function isPersonalMember(name: string, member: Json, around: JsonObject): boolean {
  if (isSealed(member)) return false;
  // The type of a business transaction states the kind of its number.
  const isTyped = name === 'bizTransaction' && typeof around.type === 'string' && isPersonalName(around.type);
  return isTyped || isPersonalName(name);
}

/** Returns a copy in which every value that {@link findPersonal} would find is replaced by its seal. */
export function sealPersonal(value: Json, seal: (value: Json) => string): Json {
  if (typeof value === 'string') return namesGsrn(value) ? seal(value) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => sealPersonal(item, seal));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isPersonalMember(name, member!, value) ? seal(member!) : sealPersonal(member!, seal),
    ]),
  );
}

function isPersonalName(name: string): boolean {
  const local = localName(name);
  return PERSONAL_MEMBERS.includes(foldAscii(local.slice(local.lastIndexOf('/') + 1)));
}

function firstOf<T>(items: readonly T[], find: (item: T, index: number) => string | undefined): string | undefined {
  for (let i = 0; i < items.length; i++) {
    const found = find(items[i]!, i);
    if (found !== undefined) return found;
  }
  return undefined;
}
