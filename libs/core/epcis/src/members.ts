import { isJsonObject, reject, type Json, type JsonObject } from '@custos/core-bytes';
import { isUri, parseEpc } from '@custos/core-gs1';
import { expandName, expandValue } from './context.js';
import type { Context, EpcItem, Extensions, Place, QuantityElement } from './events.js';
import { parseMoment } from './times.js';
import { wordOf, type VocabularyName } from './words.js';

// Readers of what an event is made of. Each rejects with MALFORMED_EVENT, a JSON pointer and what to send instead, so they
// run inside `attempt`.

export function refuse(at: string, fix: string): never {
  return reject('MALFORMED_EVENT', at, fix);
}

/** RFC 6901: a name as one step of a JSON pointer. */
export function step(name: string): string {
  return `/${name.split('~').join('~0').split('/').join('~1')}`;
}

/** Own members only: `constructor` and its kin are nobody's fields. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function textOf(value: Json | undefined, at: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(at, 'send a text');
}

export function objectOf(value: Json | undefined, at: string): JsonObject {
  return isJsonObject(value) ? value : refuse(at, 'send an object');
}

export function listOf(value: Json | undefined, at: string): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : refuse(at, 'send a list');
}

export function uriOf(value: Json | undefined, at: string): string {
  return typeof value === 'string' && isUri(value) ? value : refuse(at, 'send a URI');
}

export function timeOf(value: Json | undefined, at: string): number {
  const moment = typeof value === 'string' ? parseMoment(value) : undefined;
  return moment ? moment.time : refuse(at, 'send a time that exists, as 2026-05-04T10:20:30.123+02:00');
}

export function wordIn(name: VocabularyName, value: Json | undefined, at: string): string {
  const word = typeof value === 'string' ? wordOf(name, value) : undefined;
  return word ?? refuse(at, 'send a word of CBV 2.0 or the URI of your own');
}

/** Refuses every member that is not among the names; members with a namespace pass where `extensible`. */
export function only(object: JsonObject, names: readonly string[], at: string): void {
  for (const name of Object.keys(object)) if (!names.includes(name)) refuse(at + step(name), 'leave it out');
}

const UNDECLARED = 'leave it out, or declare its prefix in @context';

/** The members that are not among the names, all of which must have a namespace. */
export function extensionsOf(
  object: JsonObject,
  isField: (name: string) => boolean,
  context: Context,
  at: string,
): Extensions {
  let found: [string, Json][] | undefined;
  for (const name of Object.keys(object)) {
    if (isField(name)) continue;
    const expanded = expandName(context, name) ?? refuse(at + step(name), UNDECLARED);
    found ??= [];
    if (found.some(([other]) => other === expanded)) refuse(at + step(name), 'send it once');
    if (found.length >= MAX_EXTENSIONS) refuse(at, `send at most ${MAX_EXTENSIONS} extensions`);
    found.push([expanded, expandValue(context, object[name]!)]);
  }
  return found ? Object.fromEntries(found) : NONE;
}

const NONE: Extensions = Object.freeze({});

/** On one object; what is more belongs into the value of one. */
export const MAX_EXTENSIONS = 100;

export function epcOf(value: Json | undefined, at: string): EpcItem {
  if (typeof value !== 'string') return refuse(at, 'send the URI of an identifier');
  const identifier = parseEpc(value);
  return identifier.ok ? { epc: value, identifier: identifier.value } : refuse(at, identifier.malformed.fix);
}

export function epcsOf(value: Json | undefined, at: string): readonly EpcItem[] {
  const seen = new Set<string>();
  return listOf(value, at).map((item, i) => {
    const epc = epcOf(item, `${at}/${i}`);
    if (seen.has(epc.epc)) refuse(`${at}/${i}`, 'list it once');
    seen.add(epc.epc);
    return epc;
  });
}

export function urisOf(value: Json | undefined, at: string): readonly string[] {
  return listOf(value, at).map((item, i) => uriOf(item, `${at}/${i}`));
}

export function placeOf(value: Json | undefined, context: Context, at: string): Place {
  const place = objectOf(value, at);
  const { epc, identifier } = epcOf(own(place, 'id'), `${at}/id`);
  return { id: epc, identifier, extensions: extensionsOf(place, (name) => name === 'id', context, at) };
}

const QUANTITY_NAMES = ['epcClass', 'quantity', 'uom'] as const;

export function quantitiesOf(value: Json | undefined, at: string): readonly QuantityElement[] {
  return listOf(value, at).map((item, i) => quantityOf(item, `${at}/${i}`));
}

function quantityOf(value: Json, at: string): QuantityElement {
  const element = objectOf(value, at);
  only(element, QUANTITY_NAMES, at);
  const { epc, identifier } = epcOf(own(element, 'epcClass'), `${at}/epcClass`);
  const quantity = own(element, 'quantity');
  const uom = own(element, 'uom');
  // L2.8: an amount is nothing that the law reads, so it may be sealed.
  const open = !isSealedText(quantity);
  if (open && quantity !== undefined && typeof quantity !== 'number') refuse(`${at}/quantity`, 'send a number');
  if (uom !== undefined && !isSealedText(uom) && !isUnitCode(uom)) {
    refuse(`${at}/uom`, 'send a code of UN/ECE Recommendation 20, two or three capitals or digits');
  }
  return {
    epcClass: epc,
    identifier,
    ...(typeof quantity === 'number' ? { quantity } : {}),
    ...(typeof uom === 'string' ? { uom } : {}),
  };
}

const SEALED = 'urn:custos:sealed:';

/** L2.8: a value that stands sealed. */
export function isSealedText(value: Json | undefined): boolean {
  return typeof value === 'string' && value.startsWith(SEALED);
}

function isUnitCode(value: Json): boolean {
  if (typeof value !== 'string' || value.length < 2 || value.length > 3) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (!((code >= 48 && code <= 57) || (code >= 65 && code <= 90))) return false;
  }
  return true;
}
