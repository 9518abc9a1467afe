import { hasCheckCharacters } from './check-characters.js';
import { COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS, PACKAGE_TYPES } from './code-lists.js';
import type { ComponentFault } from './component-fault.js';
import { checkCoupon, checkPositiveOffer } from './coupons.js';
import { dayNumber, daysInMonth } from '../identifiers/dates.js';
import { hasCheckDigit, isDigits } from '../identifiers/digits.js';
import { ibanFault } from './iban.js';

type Rule = (text: string) => ComponentFault | undefined;

/** The number of leading characters of a GS1 company prefix that are checked to be digits. */
const SHORTEST_PREFIX = 4;

const CHECK_DIGIT = 'its last digit must be the check digit of those before it';
const DATE = 'send a day that exists as YYMMDD';
const PIECE = 'send the number of the piece and the total, two digits each, from 01';

// The checks of the General Specifications, by GS1's names. Characters and lengths are checked before.
const CHECKS = {
  csum: must(hasCheckDigit, 'INCORRECT_CHECK_DIGIT', CHECK_DIGIT),
  csumalpha: must(hasCheckCharacters, 'INCORRECT_CHECK_PAIR', 'its last two characters must be the check characters'),
  gcppos1: (text) => prefixFault(text, 0),
  gcppos2: (text) => prefixFault(text, 1),
  yymmdd: (text) => dayFault(text, 1, DATE),
  yymmd0: (text) => dayFault(text, 0, `${DATE}; day 00 = end of the month`),
  yyyymmdd: longDayFault,
  hhmi: (text) => below(text.slice(0, 2), 24, 'ILLEGAL_HOUR', 0) ?? below(text.slice(2), 60, 'ILLEGAL_MINUTE', 2),
  hh: (text) => below(text, 24, 'ILLEGAL_HOUR', 0),
  mi: (text) => below(text, 60, 'ILLEGAL_MINUTE', 0),
  ss: (text) => below(text, 60, 'ILLEGAL_SECOND', 0),
  zero: must((text) => isAll(text, '0'), 'NOT_ZERO', 'send zero'),
  nonzero: must((text) => !isAll(text, '0'), 'ILLEGAL_ZERO_VALUE', 'send more than zero'),
  nozeroprefix: must((text) => text === '0' || text[0] !== '0', 'ILLEGAL_ZERO_PREFIX', 'leave leading zeros out'),
  yesno: must((text) => text === '0' || text === '1', 'NOT_ZERO_OR_ONE', 'send 0 or 1'),
  winding: must((text) => '019'.includes(text), 'INVALID_WINDING_DIRECTION', 'send 0, 1 or 9'),
  hyphen: must((text) => isAll(text, '-'), 'NOT_HYPHEN', 'send - or nothing'),
  iso3166: must((text) => COUNTRY_NUMBERS.has(text), 'NOT_ISO3166', 'send a country as three digits (ISO 3166-1)'),
  iso3166999: must(
    (text) => text === '999' || COUNTRY_NUMBERS.has(text),
    'NOT_ISO3166_OR_999',
    'send a country as three digits (ISO 3166-1), or 999',
  ),
  iso3166alpha2: must(
    (text) => COUNTRY_LETTERS.has(text),
    'NOT_ISO3166_ALPHA2',
    'send a country as two capital letters (ISO 3166-1)',
  ),
  iso4217: must((text) => CURRENCY_NUMBERS.has(text), 'NOT_ISO4217', 'send a currency as three digits (ISO 4217)'),
  iso5218: must((text) => '0129'.includes(text), 'INVALID_BIOLOGICAL_SEX_CODE', 'send 0, 1, 2 or 9 (ISO/IEC 5218)'),
  iban: ibanFault,
  pcenc: escapeFault,
  pieceoftotal: pieceFault,
  posinseqslash: sequenceFault,
  latitude: must((text) => text <= '1800000000', 'INVALID_LATITUDE', 'send at most 1800000000'),
  longitude: must((text) => text <= '3600000000', 'INVALID_LONGITUDE', 'send at most 3600000000'),
  mediatype: must(isMediaType, 'INVALID_MEDIA_TYPE', 'send 01 to 10, or 80 to 99'),
  packagetype: must((text) => PACKAGE_TYPES.has(text), 'INVALID_PACKAGE_TYPE', 'send a PackageTypeCode of GS1'),
  importeridx: must(isImporter, 'INVALID_IMPORT_IDX_CHARACTER', 'send one letter, digit, - or _'),
  hasnondigit: must((text) => !isDigits(text), 'REQUIRES_NON_DIGIT_CHARACTER', 'hold a character that is no digit'),
  couponcode: checkCoupon,
  couponposoffer: checkPositiveOffer,
} as const satisfies Record<string, Rule>;

/** The name of a check of a component, as in GS1's Syntax Dictionary. */
export type Check = keyof typeof CHECKS;

/** Returns whether a check with this name exists. */
export function isCheck(name: string): name is Check {
  return Object.hasOwn(CHECKS, name);
}

/** Returns the fault that a check finds in a component, or undefined. */
export function failedCheck(check: Check, text: string): ComponentFault | undefined {
  return CHECKS[check](text);
}

function must(holds: (text: string) => boolean, fault: string, fix: string): Rule {
  return (text) => (holds(text) ? undefined : { fault, at: 0, fix });
}

function isAll(text: string, character: string): boolean {
  for (let i = 0; i < text.length; i++) if (text[i] !== character) return false;
  return true;
}

function prefixFault(text: string, from: number): ComponentFault | undefined {
  const fix = 'begin with a GS1 company prefix of digits';
  if (text.length - from < SHORTEST_PREFIX) return { fault: 'TOO_SHORT_FOR_GCP', at: 0, fix };
  for (let at = from; at < from + SHORTEST_PREFIX; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return { fault: 'INVALID_GCP_PREFIX', at, fix };
  }
  return undefined;
}

function below(digits: string, limit: number, fault: string, at: number): ComponentFault | undefined {
  return Number(digits) < limit ? undefined : { fault, at, fix: `send 00 to ${limit - 1}` };
}

// 29 February is accepted in every year that is a leap year in some century: the digits do not hold the century.
function dayFault(text: string, first: number, fix: string): ComponentFault | undefined {
  const last = daysInMonth(2000 + Number(text.slice(0, 2)), Number(text.slice(2, 4)));
  if (last === 0) return { fault: 'ILLEGAL_MONTH', at: 2, fix };
  const day = Number(text.slice(4));
  return day >= first && day <= last ? undefined : { fault: 'ILLEGAL_DAY', at: 4, fix };
}

function longDayFault(text: string): ComponentFault | undefined {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))];
  const fix = 'send a day that exists as YYYYMMDD';
  const last = daysInMonth(year, month);
  if (last === 0) return { fault: 'ILLEGAL_MONTH', at: 4, fix };
  const exists = day >= 1 && day <= last && Number.isFinite(dayNumber(year, month, day));
  return exists ? undefined : { fault: 'ILLEGAL_DAY', at: 6, fix };
}

function pieceFault(text: string): ComponentFault | undefined {
  const half = text.length / 2;
  const [piece, total] = [text.slice(0, half), text.slice(half)];
  if (isAll(piece, '0')) return { fault: 'ZERO_PIECE_NUMBER', at: 0, fix: PIECE };
  if (isAll(total, '0')) return { fault: 'ZERO_TOTAL_PIECES', at: half, fix: PIECE };
  return piece <= total ? undefined : { fault: 'PIECE_NUMBER_EXCEEDS_TOTAL', at: 0, fix: PIECE };
}

function sequenceFault(text: string): ComponentFault | undefined {
  const slash = text.indexOf('/');
  const [position, end] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  const fix = 'send position and end as n/n';
  if (!isDigits(position) || !isDigits(end)) return { fault: 'POSITION_IN_SEQUENCE_MALFORMED', at: 0, fix };
  if (position[0] === '0') return { fault: 'ILLEGAL_ZERO_PREFIX', at: 0, fix };
  if (end[0] === '0') return { fault: 'ILLEGAL_ZERO_PREFIX', at: slash + 1, fix };
  return Number(position) <= Number(end) ? undefined : { fault: 'POSITION_EXCEEDS_END', at: 0, fix };
}

function isMediaType(text: string): boolean {
  return (text >= '01' && text <= '10') || (text >= '80' && text <= '99');
}

function isImporter(text: string): boolean {
  const code = text.charCodeAt(0);
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return text.length === 1 && (letter || (code >= 48 && code <= 57) || text === '-' || text === '_');
}

function escapeFault(text: string): ComponentFault | undefined {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 3)) {
    if (isHex(text[at + 1]) && isHex(text[at + 2])) continue;
    return { fault: 'INVALID_PERCENT_SEQUENCE', at, fix: 'follow each % by two hex digits' };
  }
  return undefined;
}

function isHex(character: string | undefined): boolean {
  return character !== undefined && '0123456789abcdefABCDEF'.includes(character);
}
