import type { RefusalRow } from '@custos/core-state';

type Class = RefusalRow['class'];

const row = (rowClass: Class, facts: readonly string[], meaning: string, remedy: string): RefusalRow => ({
  facts,
  meaning,
  remedy,
  class: rowClass,
  alert: false,
});

/** A1: marks a refusal that suggests fraud, which opens an alert. */
const alarming = (of: RefusalRow): RefusalRow => ({ ...of, alert: true });

const UNITS = ['unit', 'units', 'count'] as const;

/**
 * The refusals of the law of custody. Facts of units: `unit` is the first that failed, `units` the first 50 with their
 * own code and facts, `count` the number of all.
 */
const ROWS = {
  MALFORMED_EVENT: row(
    'malformed',
    ['field', 'fix'],
    'The event breaks a format of EPCIS or of this network.',
    'Mend the field as the fix says and send the event anew.',
  ),
  PERSONAL_DATA: row(
    'malformed',
    ['field'],
    'An identifier of a person stands in the clear (L2.8).',
    'Seal the value; the partner service does it for its own clients.',
  ),
  NOT_YET: row(
    'not-yet',
    ['rule'],
    'The rule that judges this step is not in force on this network yet.',
    'Wait for a version of the law that has it.',
  ),
  TOO_LARGE: row(
    'too-large',
    ['key', 'part', 'limit'],
    'The event would make a record of the state larger than its limit.',
    'Use several containers, or fewer lots in one.',
  ),
  TOO_MUCH_WORK: row(
    'too-large',
    ['needed', 'left'],
    'The event needs more reads or changes than its transaction has left (L5.5).',
    'Split the event, or send it in a transaction of its own.',
  ),
  EVENT_IN_FUTURE: row(
    'unprocessable',
    ['eventTime', 'latest'],
    'The event says it happened after it was signed.',
    'Set the clock of the capturing device.',
  ),
  ACTION_MISMATCH: row(
    'unprocessable',
    ['type', 'action', 'bizStep'],
    'This business step does not go with this action.',
    'ADD commissions or packs; other steps are OBSERVE or DELETE.',
  ),
  OTHER_KEY: row(
    'unprocessable',
    ['epc', 'count'],
    'Packs of a registered product are named by a UPUI or an ITIP, a key that no unit here has (S1).',
    'Name each pack by its GTIN and serial number.',
  ),
  DUPLICATE_EVENT: row(
    'conflict',
    ['eventID'],
    'The signer has another event with this eventID.',
    'Give each event an eventID of its own.',
  ),
  LOCATION_NOT_YOURS: row(
    'forbidden',
    ['location', 'party', 'signer'],
    'The place is not registered for the signer or its agent.',
    'Name a place of your own, or register it.',
  ),
  ROLE_MAY_NOT: row(
    'forbidden',
    ['signer', 'roles', 'capability'],
    'None of the roles of the signing party allows this.',
    'Have it done by a party whose role allows it.',
  ),
  UNKNOWN_UNIT: alarming(
    row('unknown', UNITS, 'The serial of a registered product was never commissioned (S3).', 'Scan again; report it.'),
  ),
  UNIT_INACTIVE: alarming(
    row('conflict', [...UNITS, 'reason', 'event', 'by', 'place', 'time'], 'The unit is over.', 'Set it aside.'),
  ),
  NOT_POSSESSOR: row(
    'forbidden',
    [...UNITS, 'possessor', 'signer'],
    'Somebody else has the unit.',
    'Receive it first; tell its possessor if it lies before you.',
  ),
  NOT_OWNER: row(
    'forbidden',
    [...UNITS, 'owner', 'other'],
    'Units of different owners do not go into one container.',
    'Pack each owner’s units by themselves.',
  ),
  ALREADY_IN_TRANSIT: row(
    'conflict',
    [...UNITS, 'shipment', 'to'],
    'The unit is on its way to somebody.',
    'Have it received, or void the shipment.',
  ),
  SERIAL_REUSED: row(
    'conflict',
    UNITS,
    'The serial was commissioned before with another lot or expiry.',
    'Never use a serial of a GTIN twice.',
  ),
  GTIN_NOT_OWNED: row(
    'forbidden',
    ['gtin', 'owner', 'signer'],
    'The signer is neither the owner of the GTIN nor a contract manufacturer that the product names.',
    'Have the owner do it, or be named by the product.',
  ),
  LOT_EXPIRY_CONFLICT: row(
    'conflict',
    ['lot', 'expiry', 'given'],
    'The lot has another expiry date.',
    'Check lot and expiry; one lot has one date.',
  ),
  EXPIRED: row('unprocessable', ['expiry'], 'The expiry date had passed.', 'Check the expiry date.'),
  SSCC_IN_USE: row(
    'conflict',
    [...UNITS, 'incarnation'],
    'The SSCC is in use.',
    'Use it again only empty, 12 months after its last shipping.',
  ),
  PREFIX_NOT_OWNED: row(
    'forbidden',
    [...UNITS, 'holder', 'signer'],
    'The company prefix of the SSCC is not the signer’s.',
    'Use an SSCC of your own prefix.',
  ),
  UNKNOWN_CONTAINER: row(
    'unknown',
    ['container'],
    'The container was never commissioned, and is not the signer’s to begin.',
    'Commission it first.',
  ),
  CYCLE: row('conflict', UNITS, 'A container cannot lie in itself.', 'Check parent and children.'),
  TOO_DEEP: row('unprocessable', [...UNITS, 'limit'], 'Containers would nest too deep.', 'Nest at most 8 levels.'),
  NOT_IN_CONTAINER: row(
    'conflict',
    [...UNITS, 'container'],
    'The unit is not in that container.',
    'Name the container it lies in.',
  ),
  NO_MANDATE: row(
    'forbidden',
    [...UNITS, 'owner', 'signer'],
    'Only the owner, or its agent with a mandate, may change the owner.',
    'Have the owner ship it, or be given a mandate.',
  ),
  RECEIVER_MISSING: row(
    'unprocessable',
    [],
    'The event does not say to whom it ships.',
    'Name possessing_party, location or owning_party in destinationList.',
  ),
  RECEIVER_NOT_AUTHORISED: row(
    'forbidden',
    ['receiver', 'roles'],
    'The receiver is not registered, or its role or licence does not let it receive medicines.',
    'Ship to an authorised party.',
  ),
  RETURN_UNVERIFIED: row(
    'conflict',
    UNITS,
    'A returned unit goes on only after it was verified.',
    'Verify the return first.',
  ),
  TRANSACTION_STATEMENT_MISSING: row(
    'unprocessable',
    [],
    'In this market a change of owner needs the transaction statement.',
    'Affirm it in the header of the document.',
  ),
  NOT_ADDRESSEE: row(
    'forbidden',
    [...UNITS, 'to', 'signer'],
    'The unit is on its way to somebody else.',
    'Tell its sender; leave it to the addressee.',
  ),
  ALREADY_DISPENSED: alarming(
    row(
      'conflict',
      [...UNITS, 'by', 'place', 'time', 'event', 'height', 'repeat'],
      'The pack was dispensed before.',
      'Do not hand it out; check whether it is your own earlier report.',
    ),
  ),
  NOT_SALEABLE_MISMATCH: alarming(
    row('conflict', [...UNITS, 'fields'], 'Lot or expiry as scanned are not those of the unit.', 'Scan again.'),
  ),
  MISMATCH: alarming(
    row('conflict', [...UNITS, 'fields'], 'Lot or expiry as scanned are not those of the unit.', 'Scan again.'),
  ),
  NOT_SALEABLE_WITHDRAWN: row(
    'conflict',
    [...UNITS, 'markets', 'gtin'],
    'The product was withdrawn from the market.',
    'Set it aside; return or destroy it.',
  ),
  NOT_SALEABLE_RECALLED: row(
    'conflict',
    [...UNITS, 'lot', 'recall', 'class', 'depth', 'markets', 'since'],
    'The lot is recalled.',
    'Set it aside; send it back as the recall says.',
  ),
  NOT_SALEABLE_EXPIRED: row(
    'conflict',
    [...UNITS, 'expiry'],
    'The expiry date has passed.',
    'Set it aside; return or destroy it.',
  ),
  NOT_SALEABLE_INACTIVE: alarming(
    row('conflict', [...UNITS, 'reason', 'inside'], 'The unit is over, or holds such a unit.', 'Set it aside.'),
  ),
  NOT_SALEABLE_HELD: row(
    'conflict',
    [...UNITS, 'holds', 'inside'],
    'The unit is on hold, or holds such a unit.',
    'Have the hold lifted first.',
  ),
  NOT_SALEABLE_IN_TRANSIT: row(
    'conflict',
    [...UNITS, 'to', 'shipment'],
    'The unit is on its way and was not received.',
    'Receive it first.',
  ),
  NOT_SALEABLE_UNLICENSED: row(
    'forbidden',
    ['signer', 'licences'],
    'The signer has no valid licence for this.',
    'Renew the licence with the authority.',
  ),
  RECALL_NARROWED: row(
    'conflict',
    ['lot', 'recall', 'class', 'depth', 'markets'],
    'A recall never gets milder and never leaves a market.',
    'State the same or a graver class, the same or a deeper depth, the same or more markets.',
  ),
} as const satisfies Record<string, RefusalRow>;

/** A code of {@link REFUSALS}. */
export type RefusalCode = keyof typeof ROWS;

/** The refusals of custody by code, each with its facts, meaning, remedy, class and whether it opens an alert. */
export const REFUSALS: Readonly<Record<RefusalCode, RefusalRow>> = ROWS;

/** The warnings of an accepted event by code. A warning undoes nothing. */
export const WARNINGS = {
  REPEATED: 'The event, or what it says of these units, was known; it changed nothing (S9).',
  UNKNOWN_GTIN: 'The GTIN of these is not registered; they are recorded and not judged (S2).',
  OTHER_KEY:
    'Some packs of a registered product are named by a UPUI or an ITIP; they are recorded and not judged (S1).',
  FOREIGN_SSCC: 'These SSCCs were not commissioned here; they are recorded and not judged (S2).',
  UNKNOWN_UNIT: 'These serials were never commissioned; the event is recorded all the same (S3, C24).',
  OUT_OF_ORDER: 'These units have a later event; the law judged them as they are now (T1).',
  LATE: 'The event is too old for its own time to count; expiry was judged at block time (T2).',
  CONTAINER_IMPLICIT: 'The container was not commissioned before; packing began it (C3).',
  AGGREGATION_BROKEN: 'These units were taken out of containers that the event does not name (C5).',
  NOT_POSSESSOR: 'Somebody else has these units as far as this network knows (C15, M3).',
} as const;
/** A code of {@link WARNINGS}. */
export type WarningCode = keyof typeof WARNINGS;
