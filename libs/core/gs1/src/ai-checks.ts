import { dayNumber, daysInMonth } from './dates.js';
import { hasCheckDigit, isDigits } from './digits.js';

/** What a component of a value must fulfil beyond its characters and length; the text says what to send instead. */
const CHECKS = {
  check: [hasCheckDigit, 'its last digit must be the check digit of those before it'],
  prefix: [(text) => isDigits(text.slice(0, 4)) && text.length >= 4, 'begin with a GS1 company prefix of digits'],
  date: [(text) => isDay(text, false), 'send a day that exists as YYMMDD'],
  date0: [(text) => isDay(text, true), 'send a day that exists as YYMMDD; day 00 = end of the month'],
  day8: [isLongDay, 'send a day that exists as YYYYMMDD'],
  hhmm: [(text) => isBelow(text.slice(0, 2), 24) && isBelow(text.slice(2), 60), 'send a time as HHMM'],
  hour: [(text) => isBelow(text, 24), 'send an hour from 00 to 23'],
  minute: [(text) => isBelow(text, 60), 'send 00 to 59'],
  zero: [(text) => text === '0', 'begin with 0'],
  nonzero: [(text) => Number(text) > 0, 'send more than zero'],
  nozero: [(text) => text.length === 1 || text[0] !== '0', 'leave leading zeros out'],
  flag: [(text) => text === '0' || text === '1', 'send 0 or 1'],
  winding: [(text) => '019'.includes(text), 'send 0, 1 or 9'],
  piece: [isPiece, 'send the number of the piece and the total, two digits each, from 01'],
  sex: [(text) => '0129'.includes(text), 'send 0, 1, 2 or 9 (ISO/IEC 5218)'],
  minus: [(text) => text === '-', 'send - or nothing'],
  latitude: [(text) => Number(text) <= 1_800_000_000, 'send at most 1800000000'],
  longitude: [(text) => Number(text) <= 3_600_000_000, 'send at most 3600000000'],
  letters: [(text) => isCapital(text.charCodeAt(0)) && isCapital(text.charCodeAt(1)), 'send two capital letters'],
  escapes: [hasWholeEscapes, 'follow each % by two hex digits'],
  birth: [isBirthOrder, 'send the order and the total as n/n'],
} as const satisfies Record<string, readonly [(text: string) => boolean, string]>;

export type Check = keyof typeof CHECKS;

export function isCheck(name: string): name is Check {
  return Object.hasOwn(CHECKS, name);
}

/** What to send instead; absent when the component is right. */
export function failedCheck(check: Check, text: string): string | undefined {
  const [holds, fix] = CHECKS[check];
  return holds(text) ? undefined : fix;
}

function isBelow(digits: string, limit: number): boolean {
  return Number(digits) < limit;
}

// A leap day is taken in every year that may be one: only the reader knows the century.
function isDay(text: string, mayBeZero: boolean): boolean {
  const day = Number(text.slice(4));
  const last = daysInMonth(2000 + Number(text.slice(0, 2)), Number(text.slice(2, 4)));
  return day <= last && last > 0 && (day > 0 || mayBeZero);
}

function isLongDay(text: string): boolean {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))];
  return day >= 1 && day <= daysInMonth(year, month) && Number.isFinite(dayNumber(year, month, day));
}

function isPiece(text: string): boolean {
  const piece = Number(text.slice(0, 2));
  return piece > 0 && piece <= Number(text.slice(2));
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function hasWholeEscapes(text: string): boolean {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    if (!isHex(text[at + 1]) || !isHex(text[at + 2])) return false;
  }
  return true;
}

function isHex(character: string | undefined): boolean {
  return character !== undefined && '0123456789abcdefABCDEF'.includes(character);
}

function isBirthOrder(text: string): boolean {
  const [order, total] = [text[0]!, text[2]!];
  return text[1] === '/' && isDigits(order + total) && order > '0' && order <= total;
}
