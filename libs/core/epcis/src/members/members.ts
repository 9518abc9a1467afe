import { listOf, objectOf, own, pointerStep, reject, type Json, type JsonObject } from '@custos/core-bytes';
import { identify, isUnit, isUri } from '@custos/core-gs1';
import { expandName, expandUri, expandValue } from './context.js';
import type { Context, EpcItem, Extensions, Place, QuantityElement } from '../events.js';
import { parseMoment } from './times.js';
import { wordOf, type VocabularyName } from './words.js';

// Readers of the parts of an event. Each rejects with MALFORMED_EVENT, a JSON pointer and a correction, so they run
// inside `attemptAs(MALFORMED_EVENT, ..)`, like the readers of core/bytes.

/** The code of each fault of an event or document; `field` and `fix` state the fault. */
export const MALFORMED_EVENT = 'MALFORMED_EVENT';

/** Rejects a part of an event. @throws MalformedError always */
export function refuse(at: string, fix: string): never {
  return reject(MALFORMED_EVENT, at, fix);
}

/** Returns the URI. @throws MalformedError MALFORMED_EVENT */
export function uriOf(value: Json | undefined, at: string): string {
  return typeof value === 'string' && isUri(value) ? value : refuse(at, 'send a URI');
}

/** Parses a time with a zone and returns milliseconds since 1970. @throws MalformedError MALFORMED_EVENT */
export function timeOf(value: Json | undefined, at: string): number {
  const moment = typeof value === 'string' ? parseMoment(value) : undefined;
  return moment ? moment.time : refuse(at, 'send a time that exists, as 2026-05-04T10:20:30.123+02:00');
}

/**
 * Parses a word of the CBV in any spelling and returns the bare word (S4). A word of another namespace behind a
 * declared prefix stays unchanged.
 * @throws MalformedError MALFORMED_EVENT
 */
export function wordIn(name: VocabularyName, value: Json | undefined, context: Context, at: string): string {
  const word = typeof value === 'string' ? findWord(name, value, context) : undefined;
  return word ?? refuse(at, 'send a word of CBV 2.0, as it stands there, or a URI of your own');
}

/** Returns the word that {@link wordIn} returns, or undefined where that function rejects. */
export function findWord(name: VocabularyName, text: string, context: Context): string | undefined {
  const expanded = expandUri(context, text);
  const word = wordOf(name, expanded);
  return word === expanded ? text : word;
}

/** Requires that an object has no member but `names`. @throws MalformedError MALFORMED_EVENT */
export function only(object: JsonObject, names: readonly string[], at: string): void {
  for (const name of Object.keys(object)) if (!names.includes(name)) refuse(at + pointerStep(name), 'leave it out');
}

const UNDECLARED = 'leave it out, or declare its prefix in @context';

/**
 * Returns the name when it is a URI: in JSON-LD, a name with an undeclared prefix is one, and a context that is not
 * fetched may define it. The prefix `custos` must be declared: a hold that is only recorded would have no effect.
 */
function undeclared(name: string): string | undefined {
  return isUri(name) && !name.startsWith('custos:') ? name : undefined;
}

/**
 * Returns the members that are no fields, by expanded name. Each must have a namespace. At most {@link MAX_EXTENSIONS}.
 * @throws MalformedError MALFORMED_EVENT
 */
export function extensionsOf(
  object: JsonObject,
  isField: (name: string) => boolean,
  context: Context,
  at: string,
): Extensions {
  let found: [string, Json][] | undefined;
  for (const name of Object.keys(object)) {
    if (isField(name)) continue;
    const expanded = expandName(context, name) ?? undeclared(name) ?? refuse(at + pointerStep(name), UNDECLARED);
    found ??= [];
    if (found.some(([other]) => other === expanded)) refuse(at + pointerStep(name), 'send it once');
    if (found.length >= MAX_EXTENSIONS) refuse(at, `send at most ${MAX_EXTENSIONS} extensions`);
    found.push([expanded, expandValue(context, object[name]!)]);
  }
  return found ? Object.fromEntries(found) : NONE;
}

const NONE: Extensions = Object.freeze({});

/** The largest number of extensions on one object. Further data belongs into the value of one. */
const MAX_EXTENSIONS = 100;

/**
 * Parses an identifier in any spelling (S1), with lot and expiry of the Digital Link of a pack.
 * @throws MalformedError MALFORMED_EVENT
 */
export function epcOf(value: Json | undefined, context: Context, at: string): EpcItem {
  if (typeof value !== 'string') return refuse(at, 'send the URI of an identifier');
  const read = identify(expandUri(context, value));
  if (!read.ok) return refuse(at, read.malformed.fix);
  const { identifier, ...beside } = read.value;
  // S2: a foreign URI stays unchanged, also behind a prefix.
  if (identifier.kind === 'other') return { epc: value, identifier: { kind: 'other', uri: value } };
  return { epc: value, identifier, ...beside };
}

/**
 * Parses a list in which each EPC may occur once (`uniqueItems` of the schema of EPCIS).
 * @throws MalformedError MALFORMED_EVENT
 */
export function epcsOf(value: Json | undefined, context: Context, at: string): readonly EpcItem[] {
  return eachOnce(value, context, at, (here) => refuse(here, 'list it once'));
}

/** Parses a list in which an EPC may be repeated; a repetition is dropped. @throws MalformedError MALFORMED_EVENT */
export function repeatableEpcsOf(value: Json | undefined, context: Context, at: string): readonly EpcItem[] {
  return eachOnce(value, context, at, () => undefined);
}

function eachOnce(
  value: Json | undefined,
  context: Context,
  at: string,
  again: (at: string) => void,
): readonly EpcItem[] {
  const found = new Map<string, EpcItem>();
  listOf(value, at).forEach((item, i) => {
    const epc = epcOf(item, context, `${at}/${i}`);
    if (found.has(epc.epc)) again(`${at}/${i}`);
    else found.set(epc.epc, epc);
  });
  return [...found.values()];
}

/** Returns a list of URIs. @throws MalformedError MALFORMED_EVENT */
export function urisOf(value: Json | undefined, at: string): readonly string[] {
  return listOf(value, at).map((item, i) => uriOf(item, `${at}/${i}`));
}

/** Parses a read point or business location. @throws MalformedError MALFORMED_EVENT */
export function placeOf(value: Json | undefined, context: Context, at: string): Place {
  const place = objectOf(value, at);
  const { epc, identifier } = epcOf(own(place, 'id'), context, `${at}/id`);
  return { id: epc, identifier, extensions: extensionsOf(place, (name) => name === 'id', context, at) };
}

const QUANTITY_NAMES = ['epcClass', 'quantity', 'uom'] as const;

/**
 * Parses a list of amounts of classes. An identifier of a unit is rejected (S2).
 * @throws MalformedError MALFORMED_EVENT
 */
export function quantitiesOf(value: Json | undefined, context: Context, at: string): readonly QuantityElement[] {
  return listOf(value, at).map((item, i) => quantityOf(item, context, `${at}/${i}`));
}

function quantityOf(value: Json, context: Context, at: string): QuantityElement {
  const element = objectOf(value, at);
  only(element, QUANTITY_NAMES, at);
  const { epc, identifier } = epcOf(own(element, 'epcClass'), context, `${at}/epcClass`);
  // S2: no rule of custody reads quantities, so a unit among them would be under no rule.
  if (isUnit(identifier)) refuse(`${at}/epcClass`, 'send a class here, and a unit among the EPCs of the event');
  const quantity = own(element, 'quantity');
  const uom = own(element, 'uom');
  // L2.8: the law does not read amounts, so they may be sealed.
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

/** Returns whether a value is a sealed one, by its prefix (L2.8). */
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
