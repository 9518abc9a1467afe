import fc from 'fast-check';
import { DAY_MS, dayNumber, endOfDay, expiryDate, parseIsoDate, toYymmdd, type IsoDate } from '../index.js';

const dateOf = (yymmdd: string, year = 2026) => {
  const result = expiryDate(yymmdd, year);
  return result.ok ? result.value : result.malformed.code;
};

describe('expiry dates', () => {
  it('T3: day 00 is the last day of the month', () => {
    expect(dateOf('270200')).toBe('2027-02-28');
    expect(dateOf('280200')).toBe('2028-02-29');
    expect(dateOf('271200')).toBe('2027-12-31');
  });

  it('chooses the century nearest to the given year', () => {
    expect(dateOf('760101')).toBe('2076-01-01');
    expect(dateOf('770101')).toBe('1977-01-01');
    expect(dateOf('020101', 2060)).toBe('2102-01-01');
    expect(dateOf('110101', 2060)).toBe('2011-01-01');
  });

  it.each(['270229', '271301', '270001', '27010', '2701011', 'abcdef', '270132'])('refuses %s', (text) => {
    expect(dateOf(text)).toBe('DATE_INVALID');
  });

  it('T3: a unit expires at the end of the day in local time', () => {
    const midnight = Date.UTC(2027, 3, 1);
    expect(endOfDay('2027-03-31' as IsoDate)).toBe(midnight);
    expect(endOfDay('2027-03-31' as IsoDate, 120)).toBe(midnight - 2 * 3_600_000);
  });

  it('counts days as the platform calendar does', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(-3e13), max: new Date(2e14), noInvalidDate: true }), (date) => {
        const day = dayNumber(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
        expect(day).toBe(Math.floor(date.getTime() / DAY_MS));
      }),
    );
  });

  it('round-trips six digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 18_000 }), (days) => {
        const iso = new Date(Date.UTC(2020, 0, 1) + days * DAY_MS).toISOString().slice(0, 10);
        expect(parseIsoDate(iso)).toEqual({ ok: true, value: iso });
        expect(dateOf(toYymmdd(iso as IsoDate), 2026)).toBe(iso);
      }),
    );
  });

  it.each(['2027-02-29', '2027-13-01', '2027-00-01', '2027-1-01', '20270101', '2027-01-01T'])('refuses %s', (text) => {
    expect(parseIsoDate(text)).toMatchObject({ ok: false, malformed: { code: 'DATE_INVALID' } });
  });
});
