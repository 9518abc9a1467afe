import { DAY_MS, dayNumber, daysInMonth, isDigits } from '@custos/core-gs1';

const MINUTE_MS = 60_000;
const OFFSET_LENGTH = 6;
const MAX_OFFSET_HOURS = 14;

/** A time in milliseconds, with a rounding flag that only the event hash uses. */
export interface Moment {
  /** Milliseconds since 1970, truncated. */
  readonly time: number;
  /** Whether the fourth decimal of the second is 5 or more. */
  readonly roundsUp: boolean;
}

/**
 * Parses an xsd:dateTimeStamp: `YYYY-MM-DDThh:mm:ss`, any number of decimals, then `Z` or an offset. Returns undefined
 * for another form and for a time that does not exist; a leap second counts as such.
 */
export function parseMoment(text: string): Moment | undefined {
  const day = dayOf(text);
  const time = timeOf(text);
  if (day === undefined || time === undefined) return undefined;
  let end = 19;
  if (text[end] === '.') {
    end++;
    while (end < text.length && isDigit(text, end)) end++;
    if (end === 20) return undefined;
  }
  const offset = text[end] === 'Z' && end + 1 === text.length ? 0 : parseOffset(text.slice(end));
  if (offset === undefined) return undefined;
  const decimals = end === 19 ? '' : text.slice(20, end);
  const millis = Number(decimals.slice(0, 3).padEnd(3, '0'));
  return { time: day * DAY_MS + time + millis - offset * MINUTE_MS, roundsUp: decimals.charCodeAt(3) >= 53 };
}

function dayOf(text: string): number | undefined {
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return undefined;
  const [year, month, day] = [numberAt(text, 0, 4), numberAt(text, 5, 2), numberAt(text, 8, 2)];
  return day >= 1 && day <= daysInMonth(year, month) ? dayNumber(year, month, day) : undefined;
}

function timeOf(text: string): number | undefined {
  if (text[13] !== ':' || text[16] !== ':') return undefined;
  const [hour, minute, second] = [numberAt(text, 11, 2), numberAt(text, 14, 2), numberAt(text, 17, 2)];
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  return (hour * 60 + minute) * MINUTE_MS + second * 1_000;
}

/**
 * Parses `+hh:mm` or `-hh:mm`, at most 14 hours, and returns the minutes ahead of UTC; undefined for any other text.
 */
export function parseOffset(text: string): number | undefined {
  const sign = text[0];
  if (text.length !== OFFSET_LENGTH || text[3] !== ':' || (sign !== '+' && sign !== '-')) return undefined;
  const [hours, minutes] = [numberAt(text, 1, 2), numberAt(text, 4, 2)];
  if (!(minutes <= 59 && (hours < MAX_OFFSET_HOURS || (hours === MAX_OFFSET_HOURS && minutes === 0)))) return undefined;
  const offset = hours * 60 + minutes;
  return sign === '-' ? 0 - offset : offset;
}

/** Returns the number at an index, or NaN for anything but digits, so that every comparison with it is false. */
function numberAt(text: string, at: number, length: number): number {
  const digits = text.slice(at, at + length);
  return digits.length === length && isDigits(digits) ? Number(digits) : Number.NaN;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Returns milliseconds since 1970 as `YYYY-MM-DDThh:mm:ss.sssZ`. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
