import { malformed, parsed, unreachable, type Parsed } from '@custos/core-bytes';
import { parseSerial } from './characters.js';
import { isDigits } from './digits.js';
import type { UnitIdentifier } from './identifier.js';
import { parseGtin, parseSscc } from './keys.js';

/** The prefix of the state keys of units, and of no other keys (L6.1). */
export const UNIT_KEY_SPACE = 'unit/';

const SGTIN = `${UNIT_KEY_SPACE}01/`;
const SERIAL = '/21/';
const SSCC = `${UNIT_KEY_SPACE}00/`;
const CN = `${UNIT_KEY_SPACE}cn/`;
const SERIAL_AT = SGTIN.length + 14;
/** The number of digits of China's drug traceability code. */
export const CN_LENGTH = 20;
/** The prefix of the URN of China's drug traceability code (S1). */
export const CN_URN = 'urn:custos:cn:';

/** Returns the state key of a unit, at most 256 bytes, the same for every form of its code (L6.1). */
export function unitKeyOf(unit: UnitIdentifier): string {
  switch (unit.kind) {
    case 'sgtin':
      return SGTIN + unit.gtin + SERIAL + unit.serial;
    case 'sscc':
      return SSCC + unit.sscc;
    case 'cn':
      return CN + unit.code;
    default:
      return unreachable(unit);
  }
}

/** Returns whether a state key is in the key space of units; {@link identifierOfUnitKey} checks the rest. */
export function isUnitKey(key: string): boolean {
  return key.startsWith(UNIT_KEY_SPACE);
}

/**
 * Parses the state key of a unit, the inverse of {@link unitKeyOf}. Refuses UNIT_KEY_INVALID for other keys, and what
 * the parsers of the parts refuse.
 */
export function identifierOfUnitKey(key: string): Parsed<UnitIdentifier> {
  if (key.startsWith(SGTIN) && key.startsWith(SERIAL, SERIAL_AT)) return sgtinOf(key);
  if (key.startsWith(SSCC)) {
    const sscc = parseSscc(key.slice(SSCC.length));
    return sscc.ok ? parsed({ kind: 'sscc', sscc: sscc.value }) : sscc;
  }
  if (key.startsWith(CN)) return parseCn(key.slice(CN.length));
  return malformed('UNIT_KEY_INVALID', 'key', 'send unit/01/<gtin>/21/<serial>, unit/00/<sscc> or unit/cn/<20 digits>');
}

function sgtinOf(key: string): Parsed<UnitIdentifier> {
  const gtin = parseGtin(key.slice(SGTIN.length, SERIAL_AT));
  if (!gtin.ok) return gtin;
  const serial = parseSerial(key.slice(SERIAL_AT + SERIAL.length));
  return serial.ok ? parsed({ kind: 'sgtin', gtin: gtin.value, serial: serial.value }) : serial;
}

/** Parses China's drug traceability code of 20 digits (S1), which has no known check digit. Refuses LENGTH_WRONG. */
export function parseCn(code: string): Parsed<UnitIdentifier> {
  if (code.length === CN_LENGTH && isDigits(code)) return parsed({ kind: 'cn', code });
  return malformed('LENGTH_WRONG', 'cn', `send ${CN_LENGTH} digits`);
}

/** Returns the GTIN-14 of the state key of a unit with a GTIN and a serial; the other kinds have none. */
export function gtinOfUnitKey(key: string): string | undefined {
  return key.startsWith(SGTIN) ? key.slice(SGTIN.length, SERIAL_AT) : undefined;
}
