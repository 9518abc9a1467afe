import { malformed, parsed, unreachable, type Parsed } from '@custos/core-bytes';
import { parseSerial } from './characters.js';
import { isDigits } from './digits.js';
import type { UnitIdentifier } from './identifier.js';
import { parseGtin, parseSscc } from './keys.js';

const SGTIN = 'unit/01/';
const SERIAL = '/21/';
const SSCC = 'unit/00/';
const CN = 'unit/cn/';
const SERIAL_AT = SGTIN.length + 14;
export const CN_LENGTH = 20;
export const CN_URN = 'urn:custos:cn:';

/** L6.1: the state key of a unit, the same for every form of its code. At most 256 bytes. */
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

/** The inverse of {@link unitKeyOf}; any other key is refused. */
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

/** S1: China's drug traceability code. It has no check digit that we know of. */
export function parseCn(code: string): Parsed<UnitIdentifier> {
  if (code.length === CN_LENGTH && isDigits(code)) return parsed({ kind: 'cn', code });
  return malformed('LENGTH_WRONG', 'cn', `send ${CN_LENGTH} digits`);
}
