import { EVENT_TYPES, type EventType } from './events.js';

/** The kind of a field, which determines how it is parsed (event.ts) and hashed (prehash.ts). */
type FieldKind =
  | 'time'
  | 'offset'
  | 'id'
  | 'uri'
  | 'uris'
  | 'epc'
  | 'epcs'
  | 'quantities'
  | 'action'
  | 'bizStep'
  | 'disposition'
  | 'persistentDisposition'
  | 'place'
  | 'bizTransactions'
  | 'sources'
  | 'destinations'
  | 'sensors'
  | 'ilmd'
  | 'errorDeclaration';

/** One row of {@link FIELDS}: a field and the event types that have it. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly events: readonly EventType[];
  /**
   * Part of the field in the event hash: `yes` = in the order of the table; `last` = behind all others, among the
   * extensions; `no` = not included.
   */
  readonly hash: 'yes' | 'last' | 'no';
}

function field(name: string, kind: FieldKind, events: readonly EventType[], hash: Field['hash'] = 'yes'): Field {
  return { name, kind, events, hash };
}

const ALL = EVENT_TYPES;
const PARENTS = ['AggregationEvent', 'TransactionEvent', 'AssociationEvent'] as const;
const LISTS = ['ObjectEvent', 'TransactionEvent'] as const;
const CHILDREN = ['AggregationEvent', 'AssociationEvent'] as const;
const TRANSFORMATION = ['TransformationEvent'] as const;
const ACTED = ['ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'AssociationEvent'] as const;
const MADE = ['ObjectEvent', 'TransformationEvent'] as const;

/**
 * The fields of EPCIS 2.0.1, 7.3 and 7.4, in the order of the event hash. The order follows the published vectors of
 * the CBV event hash where its text differs from them: parent before list, destination before source, certificationInfo
 * included.
 */
export const FIELDS: readonly Field[] = [
  field('eventTime', 'time', ALL),
  field('eventTimeZoneOffset', 'offset', ALL),
  field('certificationInfo', 'uris', ALL),
  field('parentID', 'epc', PARENTS),
  field('epcList', 'epcs', LISTS),
  field('inputEPCList', 'epcs', TRANSFORMATION),
  field('childEPCs', 'epcs', CHILDREN),
  field('quantityList', 'quantities', LISTS),
  field('childQuantityList', 'quantities', CHILDREN),
  field('inputQuantityList', 'quantities', TRANSFORMATION),
  field('outputEPCList', 'epcs', TRANSFORMATION),
  field('outputQuantityList', 'quantities', TRANSFORMATION),
  field('action', 'action', ACTED),
  field('transformationID', 'uri', TRANSFORMATION),
  field('bizStep', 'bizStep', ALL),
  field('disposition', 'disposition', ALL),
  field('persistentDisposition', 'persistentDisposition', ALL),
  field('readPoint', 'place', ALL),
  field('bizLocation', 'place', ALL),
  field('bizTransactionList', 'bizTransactions', ALL),
  field('destinationList', 'destinations', ALL),
  field('sourceList', 'sources', ALL),
  field('sensorElementList', 'sensors', ALL),
  field('ilmd', 'ilmd', MADE, 'last'),
  field('eventID', 'id', ALL, 'no'),
  field('recordTime', 'time', ALL, 'no'),
  field('errorDeclaration', 'errorDeclaration', ALL, 'no'),
];

const BY_TYPE: ReadonlyMap<EventType, ReadonlyMap<string, Field>> = new Map(
  EVENT_TYPES.map((type) => [
    type,
    new Map(FIELDS.filter(({ events }) => events.includes(type)).map((row) => [row.name, row])),
  ]),
);

/** Returns the fields that an event of this type may have, by name. */
export function fieldsOf(type: EventType): ReadonlyMap<string, Field> {
  return BY_TYPE.get(type)!;
}
