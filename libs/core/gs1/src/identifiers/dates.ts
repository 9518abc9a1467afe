import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { isDigits } from './digits.js';

/** A day that exists, as `YYYY-MM-DD`. Its order as text is the order in time. */
export type IsoDate = string & { readonly isoDate: unique symbol };

/** The milliseconds of a day. */
export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MONTH_DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const EPOCH_DAYS = 719_468;
const DAYS_PER_ERA = 146_097;

/** Returns whether the year has a 29 February (Gregorian calendar). */
function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Returns the number of days of a month, 1 to 12; 0 for any other month. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Returns the days since 1970-01-01 (Gregorian calendar). Internally, an era has 400 years and begins on 1 March. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_DAYS;
}

/** Parses a day as `YYYY-MM-DD` (ISO 8601). Refuses DATE_INVALID for another form and for a day that does not exist. */
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
 * Parses the six digits YYMMDD of a barcode. Day 00 is the last day of the month (T3). The century puts the year at
 * most 49 before and 50 after `thisYear` (General Specifications, 7.12). Refuses DATE_INVALID.
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

/** Returns the six digits YYMMDD of AI (17); they do not hold the century. */
export function toYymmdd(date: IsoDate): string {
  return date.slice(2, 4) + date.slice(5, 7) + date.slice(8);
}

/**
 * Returns the first millisecond after the day, in milliseconds since 1970 (T3): from then on, a unit that expires on
 * this day has expired. `offsetMinutes` is the offset of local time from UTC, positive to the east.
 */
export function endOfDay(date: IsoDate, offsetMinutes = 0): number {
  const day = dayNumber(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8)));
  return (day + 1) * DAY_MS - offsetMinutes * MINUTE_MS;
}
