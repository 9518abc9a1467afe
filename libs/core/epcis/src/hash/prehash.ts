import { compareText, isJsonObject, own, type Json, type JsonObject } from '@custos/core-bytes';
import { canonicalLink } from '@custos/core-gs1';
import { expandName } from '../members/context.js';
import type { Context, EpcisEvent } from '../events.js';
import { FIELDS, type Field } from '../fields.js';
import { findWord } from '../members/members.js';
import { canonicalNumber } from '../members/numbers.js';
import { SENSOR_METADATA, SENSOR_REPORT, type SensorKind } from '../members/sensors.js';
import { parseMoment, timeText } from '../members/times.js';
import { vocForm, webForm, type VocabularyName } from '../members/words.js';

// The text under the CBV event hash (CBV 2.0, 8.9): `name=value` pairs without separator, in the order of FIELDS. The
// items of a list and the extensions are sorted; every value has one canonical form.

/** The member that the hash leaves out beside the fields marked `no`, by expanded name. */
const COMMENT = '{http://www.w3.org/2000/01/rdf-schema#}comment';

/** Returns the text under the hash of a parsed event (CBV 2.0, 8.9). `ignored` holds expanded names. */
export function preHash(event: EpcisEvent, context: Context, ignored: ReadonlySet<string>): string {
  const { source } = event;
  let text = `eventType=${event.type}`;
  for (const field of FIELDS) {
    const value = field.hash === 'yes' ? own(source, field.name) : undefined;
    if (value !== undefined) text += fieldText(field, value, context);
  }
  const ilmd = own(source, 'ilmd');
  const rest = [
    ...(isJsonObject(ilmd) ? [structure('ilmd', extensionTexts(ilmd, NOTHING, context, NOTHING).join(''))] : []),
    ...extensionTexts(source, FIELD_NAMES, context, ignored),
  ];
  return text + rest.sort(compareText).join('');
}

const NOTHING: ReadonlySet<string> = new Set();
const FIELD_NAMES: ReadonlySet<string> = new Set([...FIELDS.map(({ name }) => name), 'type', '@context']);

function fieldText({ name, kind }: Field, value: Json, context: Context): string {
  switch (kind) {
    case 'uris':
      return sorted(Array.isArray(value) ? (value as readonly Json[]) : [value], (item) => pair(name, canonical(item)));
    case 'epcs':
      return structure(
        name,
        sorted(value as readonly Json[], (item) => pair('epc', canonical(item))),
      );
    case 'quantities':
      return structure(
        name,
        sorted(value as readonly Json[], (item) => structure('quantityElement', inOrder(item, QUANTITY))),
      );
    case 'bizStep':
    case 'disposition':
      return pair(name, word(kind, value, context));
    case 'persistentDisposition': {
      const words = (part: 'set' | 'unset') =>
        sorted((own(value as JsonObject, part) ?? []) as readonly Json[], (item) =>
          pair(part, word('disposition', item, context)),
        );
      return structure(name, words('set') + words('unset'));
    }
    case 'place':
      return structure(name, pair('id', canonical(own(value as JsonObject, 'id')!)) + inner(value, ID_ONLY, context));
    case 'bizTransactions':
      return structure(
        name,
        sorted(value as readonly Json[], (item) => typed(item, 'bizTransaction', 'bizTransaction', context)),
      );
    case 'sources':
      return structure(
        name,
        sorted(value as readonly Json[], (item) => typed(item, 'sourceOrDestination', 'source', context)),
      );
    case 'destinations':
      return structure(
        name,
        sorted(value as readonly Json[], (item) => typed(item, 'sourceOrDestination', 'destination', context)),
      );
    case 'sensors':
      return structure(
        name,
        sorted(value as readonly Json[], (item) => structure('sensorElement', sensorElement(item, context))),
      );
    case 'time':
      return pair(name, time(value));
    default:
      return pair(name, canonical(value));
  }
}

const QUANTITY: readonly string[] = ['epcClass', 'quantity', 'uom'];
const ID_ONLY: ReadonlySet<string> = new Set(['id']);
const SENSOR_ELEMENT: ReadonlySet<string> = new Set(['sensorMetadata', 'sensorReport']);

function inOrder(item: Json, names: readonly string[]): string {
  return names.map((name) => pair(name, canonical(own(item as JsonObject, name) ?? ''))).join('');
}

// The type precedes its value.
function typed(item: Json, vocabulary: VocabularyName, name: string, context: Context): string {
  const type = own(item as JsonObject, 'type');
  return (
    (type === undefined ? '' : pair('type', word(vocabulary, type, context))) +
    pair(name, canonical(own(item as JsonObject, name)!))
  );
}

function sensorElement(item: Json, context: Context): string {
  const element = item as JsonObject;
  const metadata = own(element, 'sensorMetadata');
  const reports = own(element, 'sensorReport') as readonly Json[];
  return (
    (metadata === undefined ? '' : structure('sensorMetadata', sensorPart(metadata, SENSOR_METADATA, context))) +
    sorted(reports, (report) => structure('sensorReport', sensorPart(report, SENSOR_REPORT, context))) +
    inner(element, SENSOR_ELEMENT, context)
  );
}

function sensorPart(part: Json, rows: ReadonlyMap<string, SensorKind>, context: Context): string {
  let text = '';
  for (const [name, kind] of rows) {
    const value = own(part as JsonObject, name);
    if (value !== undefined) text += pair(name, sensorValue(kind, value, context));
  }
  return text + inner(part, new Set(rows.keys()), context);
}

function sensorValue(kind: SensorKind, value: Json, context: Context): string {
  switch (kind) {
    case 'time':
      return time(value);
    case 'measurement':
    case 'alert':
      return typeof value === 'string' ? vocForm(value) : canonical(value);
    case 'component':
      return word('component', value, context);
    default:
      return canonical(value);
  }
}

/** Returns the extensions of an object inside the event, which follow its own members. */
function inner(object: Json, known: ReadonlySet<string>, context: Context): string {
  return extensionTexts(object as JsonObject, known, context, NOTHING).join('');
}

function extensionTexts(
  object: JsonObject,
  known: ReadonlySet<string>,
  context: Context,
  ignored: ReadonlySet<string>,
): readonly string[] {
  const texts: string[] = [];
  for (const name of Object.keys(object)) {
    if (known.has(name)) continue;
    const expanded = expandName(context, name) ?? name;
    if (expanded === COMMENT || ignored.has(expanded)) continue;
    addExtension(texts, expanded, object[name]!, context);
  }
  return texts.sort(compareText);
}

// A list repeats its name for each item.
function addExtension(texts: string[], name: string, value: Json, context: Context): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) addExtension(texts, name, item, context);
    return;
  }
  if (!isJsonObject(value)) {
    const text = canonical(value);
    texts.push(text === '' ? name : `${name}=${text}`);
    return;
  }
  const own = typeof value['#text'] === 'string' ? canonical(value['#text']) : '';
  texts.push(name + (own === '' ? '' : `=${own}`) + extensionTexts(value, TEXT_ONLY, context, NOTHING).join(''));
}

const TEXT_ONLY: ReadonlySet<string> = new Set(['#text']);

/** Returns `name=value`. An empty value gives no text, and neither does an empty structure. */
function pair(name: string, value: string): string {
  return value === '' ? '' : `${name}=${value}`;
}

function structure(name: string, inside: string): string {
  return inside === '' ? '' : name + inside;
}

function sorted(items: readonly Json[], text: (item: Json) => string): string {
  return items.map(text).sort(compareText).join('');
}

function word(vocabulary: VocabularyName, value: Json, context: Context): string {
  const text = typeof value === 'string' ? findWord(vocabulary, value, context) : undefined;
  return text === undefined ? canonical(value) : webForm(vocabulary, text);
}

function time(value: Json): string {
  const moment = typeof value === 'string' ? parseMoment(value) : undefined;
  return moment ? timeText(moment.time + (moment.roundsUp ? 1 : 0)) : canonical(value);
}

function canonical(value: Json): string {
  if (typeof value === 'number') return canonicalNumber(JSON.stringify(value));
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'string') return '';
  const text = value.trim();
  return canonicalLink(text) ?? canonicalNumber(text);
}

/** Returns the expanded names of members that a document excludes from the hashes of its events. */
export function ignoredNames(names: readonly string[], context: Context): ReadonlySet<string> {
  return new Set(names.map((name) => expandName(context, name) ?? name));
}
