import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { isDigits } from './digits.js';

/** `YYYY-MM-DD`, a day that exists. Sorts as text. */
export type IsoDate = string & { readonly isoDate: unique symbol };

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MONTH_DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const EPOCH_DAYS = 719_468;
const DAYS_PER_ERA = 146_097;

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** 0 for a month that is none. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Days since 1970-01-01 in the Gregorian calendar; eras of 400 years that begin on 1 March. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_DAYS;
}

/** An ISO 8601 day: four digits, two, two, with hyphens. */
export function parseIsoDate(text: string, field = 'date'): Parsed<IsoDate> {
  const digits = text.slice(0, 4) + text.slice(5, 7) + text.slice(8);
  const shaped = text.length === 10 && text[4] === '-' && text[7] === '-' && isDigits(digits);
  if (!shaped) return malformed('DATE_INVALID', field, 'send a day as YYYY-MM-DD');
  const day = Number(digits.slice(6));
  const last = daysInMonth(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)));
  if (day < 1 || day > last) return malformed('DATE_INVALID', field, 'send a day that exists, as YYYY-MM-DD');
  return parsed(text as IsoDate);
}

/**
 * The day behind six digits YYMMDD of a barcode. Day 00 is the last day of the month. The century is the one that
 * puts the year at most 49 behind and 50 ahead of `thisYear` (General Specifications, 7.12).
 */
export function expiryDate(yymmdd: string, thisYear: number, field = '17'): Parsed<IsoDate> {
  if (yymmdd.length !== 6 || !isDigits(yymmdd)) return malformed('DATE_INVALID', field, 'send six digits YYMMDD');
  const year = fullYear(Number(yymmdd.slice(0, 2)), thisYear);
  const month = Number(yymmdd.slice(2, 4));
  const last = daysInMonth(year, month);
  const day = Number(yymmdd.slice(4)) === 0 ? last : Number(yymmdd.slice(4));
  if (last === 0 || day > last) return malformed('DATE_INVALID', field, 'send a month and a day that exist, or day 00');
  return parsed(`${String(year).padStart(4, '0')}-${yymmdd.slice(2, 4)}-${String(day).padStart(2, '0')}` as IsoDate);
}

function fullYear(twoDigits: number, thisYear: number): number {
  const century = thisYear - (thisYear % 100);
  const difference = twoDigits - (thisYear % 100);
  if (difference >= 51) return century - 100 + twoDigits;
  if (difference <= -50) return century + 100 + twoDigits;
  return century + twoDigits;
}

/** Six digits for AI (17); the century is lost. */
export function toYymmdd(date: IsoDate): string {
  return date.slice(2, 4) + date.slice(5, 7) + date.slice(8);
}

/**
 * T3: the first millisecond at which a thing that expires on this day has expired, where the clock is
 * `offsetMinutes` ahead of UTC. Milliseconds since 1970.
 */
export function endOfDay(date: IsoDate, offsetMinutes = 0): number {
  const day = dayNumber(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8)));
  return (day + 1) * DAY_MS - offsetMinutes * MINUTE_MS;
}
