import { listOf, objectOf, own, pointerStep, type Json, type JsonObject } from '@custos/core-bytes';
import type { Context } from '../events.js';
import { extensionsOf, isSealedText, refuse, timeOf, uriOf, wordIn } from './members.js';
import { isAlert, isMeasurement } from './words.js';

/** The kind of a member of sensor data, which determines how it is checked and hashed. */
export type SensorKind = 'time' | 'uri' | 'number' | 'text' | 'boolean' | 'hex' | 'measurement' | 'alert' | 'component';

type Members = ReadonlyMap<string, SensorKind>;

function members(rows: { readonly [name: string]: SensorKind }): Members {
  return new Map(Object.entries(rows));
}

/** The members of sensorMetadata (EPCIS 2.0.1, 7.3.7), in the order of the event hash. */
export const SENSOR_METADATA: Members = members({
  time: 'time',
  startTime: 'time',
  endTime: 'time',
  deviceID: 'uri',
  deviceMetadata: 'uri',
  rawData: 'uri',
  dataProcessingMethod: 'uri',
  bizRules: 'uri',
});

/** The members of sensorReport (EPCIS 2.0.1, 7.3.7), in the order of the event hash. */
export const SENSOR_REPORT: Members = members({
  type: 'measurement',
  exception: 'alert',
  deviceID: 'uri',
  deviceMetadata: 'uri',
  rawData: 'uri',
  dataProcessingMethod: 'uri',
  bizRules: 'uri',
  time: 'time',
  microorganism: 'uri',
  chemicalSubstance: 'uri',
  value: 'number',
  component: 'component',
  stringValue: 'text',
  booleanValue: 'boolean',
  hexBinaryValue: 'hex',
  uriValue: 'uri',
  minValue: 'number',
  maxValue: 'number',
  meanValue: 'number',
  sDev: 'number',
  percRank: 'number',
  percValue: 'number',
  uom: 'text',
  coordinateReferenceSystem: 'uri',
});

/** Checks a list of sensor elements and returns it unchanged. @throws MalformedError MALFORMED_EVENT */
export function sensorElementsOf(value: Json | undefined, context: Context, at: string): readonly JsonObject[] {
  return listOf(value, at).map((item, i) => {
    const here = `${at}/${i}`;
    const element = objectOf(item, here);
    const isField = (name: string): boolean => name === 'sensorMetadata' || name === 'sensorReport';
    extensionsOf(element, isField, context, here);
    const metadata = own(element, 'sensorMetadata');
    if (metadata !== undefined)
      checkMembers(objectOf(metadata, `${here}/sensorMetadata`), SENSOR_METADATA, context, `${here}/sensorMetadata`);
    const reports = listOf(own(element, 'sensorReport'), `${here}/sensorReport`);
    if (reports.length === 0) refuse(`${here}/sensorReport`, 'send at least one report');
    reports.forEach((report, j) => {
      const there = `${here}/sensorReport/${j}`;
      const object = objectOf(report, there);
      if (own(object, 'type') === undefined) refuse(`${there}/type`, 'say what was measured');
      checkMembers(object, SENSOR_REPORT, context, there);
    });
    return element;
  });
}

function checkMembers(object: JsonObject, rows: Members, context: Context, at: string): void {
  extensionsOf(object, (name) => rows.has(name), context, at);
  for (const [name, value] of Object.entries(object)) {
    const kind = rows.get(name);
    // L2.8: no rule of the law reads sensor data, so each value may be sealed.
    if (kind !== undefined && !isSealedText(value)) check(kind, value, context, at + pointerStep(name));
  }
}

function check(kind: SensorKind, value: Json | undefined, context: Context, at: string): void {
  switch (kind) {
    case 'time':
      timeOf(value, at);
      return;
    case 'uri':
      uriOf(value, at);
      return;
    case 'number':
      if (typeof value !== 'number') refuse(at, 'send a number');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') refuse(at, 'send true or false');
      return;
    case 'text':
      if (typeof value !== 'string') refuse(at, 'send a text');
      return;
    case 'hex':
      if (typeof value !== 'string' || value === '' || !isHex(value)) refuse(at, 'send hex digits');
      return;
    case 'measurement':
      if (typeof value !== 'string' || !isMeasurement(value)) refuse(at, 'send a measurement type of GS1, or a URI');
      return;
    case 'alert':
      if (typeof value !== 'string' || !isAlert(value)) refuse(at, 'send ALARM_CONDITION, ERROR_CONDITION or a URI');
      return;
    case 'component':
      wordIn('component', value, context, at);
      return;
  }
}

function isHex(text: string): boolean {
  for (const character of text) if (!'0123456789abcdefABCDEF'.includes(character)) return false;
  return true;
}
