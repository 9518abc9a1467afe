import {
  attemptAs,
  objectOf,
  orReject,
  own,
  textOf,
  unreachable,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import { parseContext, STANDARD_CONTEXT } from './members/context.js';
import {
  ACTIONS,
  EVENT_TYPES,
  type Action,
  type Context,
  type EpcisEvent,
  type EpcItem,
  type EventFields,
  type EventType,
  type QuantityElement,
} from './events.js';
import { fieldsOf } from './fields.js';
import {
  bizTransactionsOf,
  destinationsOf,
  errorDeclarationOf,
  ilmdOf,
  persistentDispositionOf,
  sourcesOf,
} from './members/lists.js';
import {
  epcOf,
  epcsOf,
  extensionsOf,
  MALFORMED_EVENT,
  placeOf,
  quantitiesOf,
  refuse,
  repeatableEpcsOf,
  timeOf,
  uriOf,
  urisOf,
  wordIn,
} from './members/members.js';
import { sensorElementsOf } from './members/sensors.js';
import { parseOffset } from './members/times.js';

/** The largest number of EPCs and quantities of one event, which bounds the work of every validator. */
export const MAX_EPCS = 5_000;

/** The largest size of an eventID, which is part of a state key, in bytes (L5.7). */
export const MAX_EVENT_ID_BYTES = 128;

/**
 * Parses one event of EPCIS 2.0.1 in JSON. `context` is that of its document, to which its own `@context` adds; `at` is
 * the JSON pointer of the event. Refuses MALFORMED_EVENT, with the JSON pointer of the wrong or missing member and a
 * correction.
 */
export function parseEvent(json: Json, context: Context = STANDARD_CONTEXT, at = ''): Parsed<EpcisEvent> {
  return attemptAs(MALFORMED_EVENT, () => {
    const source = objectOf(json, at);
    const type = typeOf(own(source, 'type'), `${at}/type`);
    const inner = orReject(parseContext(own(source, '@context'), `${at}/@context`, context));
    return byType(type, { source, context: inner, at }, sharedFields(type, source, inner, at));
  });
}

function typeOf(value: Json | undefined, at: string): EventType {
  return EVENT_TYPES.find((type) => type === value) ?? refuse(at, `send one of ${EVENT_TYPES.join(', ')}`);
}

interface Reading {
  readonly source: JsonObject;
  readonly context: Context;
  readonly at: string;
}

/** Parses a member if it is present. */
function optional<T>({ source, at }: Reading, name: string, read: (value: Json, at: string) => T): T | undefined {
  const value = own(source, name);
  return value === undefined ? undefined : read(value, `${at}/${name}`);
}

function sharedFields(type: EventType, source: JsonObject, context: Context, at: string): EventFields {
  const reading = { source, context, at };
  const rows = fieldsOf(type);
  const extensions = extensionsOf(
    source,
    (name) => rows.has(name) || name === 'type' || name === '@context',
    context,
    at,
  );
  return {
    eventID: optional(reading, 'eventID', eventIdOf),
    eventTime: timeOf(own(source, 'eventTime'), `${at}/eventTime`),
    eventTimeZoneOffset: offsetOf(own(source, 'eventTimeZoneOffset'), `${at}/eventTimeZoneOffset`),
    recordTime: optional(reading, 'recordTime', timeOf),
    errorDeclaration: optional(reading, 'errorDeclaration', (value, here) => errorDeclarationOf(value, context, here)),
    certificationInfo: optional(reading, 'certificationInfo', certificationOf) ?? [],
    bizStep: optional(reading, 'bizStep', (value, here) => wordIn('bizStep', value, context, here)),
    disposition: optional(reading, 'disposition', (value, here) => wordIn('disposition', value, context, here)),
    persistentDisposition: optional(reading, 'persistentDisposition', (value, here) =>
      persistentDispositionOf(value, context, here),
    ),
    readPoint: optional(reading, 'readPoint', (value, here) => placeOf(value, context, here)),
    bizLocation: optional(reading, 'bizLocation', (value, here) => placeOf(value, context, here)),
    bizTransactionList:
      optional(reading, 'bizTransactionList', (value, here) => bizTransactionsOf(value, context, here)) ?? [],
    sourceList: optional(reading, 'sourceList', (value, here) => sourcesOf(value, context, here)) ?? [],
    destinationList: optional(reading, 'destinationList', (value, here) => destinationsOf(value, context, here)) ?? [],
    sensorElementList:
      optional(reading, 'sensorElementList', (value, here) => sensorElementsOf(value, context, here)) ?? [],
    extensions,
    source,
  };
}

function eventIdOf(value: Json, at: string): string {
  const id = uriOf(value, at);
  let bytes = 0;
  for (let i = 0; i < id.length; i++) bytes += id.charCodeAt(i) < 0x80 ? 1 : 3;
  return bytes <= MAX_EVENT_ID_BYTES ? id : refuse(at, `send at most ${MAX_EVENT_ID_BYTES} bytes`);
}

function offsetOf(value: Json | undefined, at: string): string {
  const text = textOf(value, at);
  return parseOffset(text) === undefined ? refuse(at, 'send an offset as +02:00 or -05:30') : text;
}

function certificationOf(value: Json, at: string): readonly string[] {
  return Array.isArray(value) ? urisOf(value, at) : [uriOf(value, at)];
}

function byType(type: EventType, reading: Reading, fields: EventFields): EpcisEvent {
  switch (type) {
    case 'ObjectEvent': {
      const lists = itemLists(reading, 'epcList', 'quantityList');
      const event = { ...fields, type, action: actionOf(reading), ...lists, ilmd: ilmd(reading) };
      if (event.ilmd && event.action !== 'ADD') refuse(`${reading.at}/ilmd`, 'leave it out unless action is ADD');
      const sensed = fields.sensorElementList.length > 0 && fields.readPoint !== undefined;
      if (!sensed) needItems(reading, 'epcList', 'quantityList', lists.quantityList);
      return event;
    }
    case 'AggregationEvent':
    case 'AssociationEvent': {
      const lists = itemLists(reading, 'childEPCs', 'childQuantityList', repeatableEpcsOf);
      const action = actionOf(reading);
      const nothing = lists.childEPCs.length + lists.childQuantityList.length === 0;
      if (nothing && action !== 'DELETE') refuse(`${reading.at}/childEPCs`, 'list at least one child');
      const parentID = parentOf(reading);
      if (type === 'AggregationEvent') {
        if (!parentID && action !== 'OBSERVE') refuse(`${reading.at}/parentID`, 'send the container');
        return { ...fields, type, action, parentID, ...lists };
      }
      return { ...fields, type, action, parentID: parentID ?? refuse(`${reading.at}/parentID`, 'send it'), ...lists };
    }
    case 'TransactionEvent': {
      const lists = itemLists(reading, 'epcList', 'quantityList', repeatableEpcsOf);
      const action = actionOf(reading);
      if (fields.bizTransactionList.length === 0) refuse(`${reading.at}/bizTransactionList`, 'list at least one');
      if (action !== 'DELETE') needItems(reading, 'epcList', 'quantityList', lists.quantityList);
      return { ...fields, type, action, parentID: parentOf(reading), ...lists };
    }
    case 'TransformationEvent':
      return transformation(reading, fields);
    default:
      return unreachable(type);
  }
}

function transformation(reading: Reading, fields: EventFields): EpcisEvent {
  const inputs = itemLists(reading, 'inputEPCList', 'inputQuantityList');
  const outputs = itemLists(reading, 'outputEPCList', 'outputQuantityList');
  checkCount(
    reading.at,
    inputs.inputEPCList,
    inputs.inputQuantityList,
    outputs.outputEPCList,
    outputs.outputQuantityList,
  );
  const transformationID = optional(reading, 'transformationID', uriOf);
  const takes = inputs.inputEPCList.length + inputs.inputQuantityList.length > 0;
  const makes = outputs.outputEPCList.length + outputs.outputQuantityList.length > 0;
  // With a transformationID, inputs and outputs may be in separate events.
  if (!takes && !(makes && transformationID)) refuse(`${reading.at}/inputEPCList`, 'list at least one input');
  if (!makes && !(takes && transformationID)) refuse(`${reading.at}/outputEPCList`, 'list at least one output');
  return { ...fields, type: 'TransformationEvent', ...inputs, ...outputs, transformationID, ilmd: ilmd(reading) };
}

function actionOf({ source, at }: Reading): Action {
  const value = own(source, 'action');
  return ACTIONS.find((action) => action === value) ?? refuse(`${at}/action`, `send one of ${ACTIONS.join(', ')}`);
}

function parentOf(reading: Reading): EpcItem | undefined {
  return optional(reading, 'parentID', (value, here) => epcOf(value, reading.context, here));
}

function ilmd(reading: Reading): ReturnType<typeof ilmdOf> | undefined {
  return optional(reading, 'ilmd', (value, here) => ilmdOf(value, reading.context, here));
}

type Lists<E extends string, Q extends string> = { readonly [name in E]: readonly EpcItem[] } & {
  readonly [name in Q]: readonly QuantityElement[];
};

function itemLists<E extends string, Q extends string>(
  reading: Reading,
  epcs: E,
  quantities: Q,
  read = epcsOf,
): Lists<E, Q> {
  const { context } = reading;
  const items = optional(reading, epcs, (value, here) => read(value, context, here)) ?? [];
  const amounts = optional(reading, quantities, (value, here) => quantitiesOf(value, context, here)) ?? [];
  checkCount(reading.at, items, amounts);
  return { [epcs]: items, [quantities]: amounts } as Lists<E, Q>;
}

function checkCount(at: string, ...lists: readonly (readonly unknown[])[]): void {
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  if (count > MAX_EPCS) refuse(at, `list at most ${MAX_EPCS} EPCs in one event`);
}

// An empty epcList is an explicit statement of no EPCs; an empty quantityList counts as absent.
function needItems({ source, at }: Reading, epcs: string, quantities: string, amounts: readonly unknown[]): void {
  if (own(source, epcs) === undefined && amounts.length === 0) refuse(`${at}/${epcs}`, `send ${epcs} or ${quantities}`);
}
