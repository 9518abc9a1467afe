import { randomBytes } from 'node:crypto';
import { checkDigit } from '@custos/core-gs1';

/** The goods of one life: a pallet of three cases of four packs. New ones at every run, for no serial returns. */
export interface Goods {
  readonly gtin: string;
  readonly caseGtin: string;
  readonly lot: string;
  /** YYYY-MM-DD. */
  readonly expiry: string;
  readonly packs: readonly string[];
  readonly cases: readonly string[];
  readonly pallet: string;
  /** A serial that no one ever commissioned, in the same product and lot. */
  readonly counterfeit: string;
}

export const PACKS_A_CASE = 4;
const CASES = 3;
const GTIN = '04012345123456';
const CASE_GTIN = '14012345123453';
const COMPANY_PREFIX = '4012345';
/** Crockford's base 32: no letter that reads as another. */
const SERIAL_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SERIAL_LENGTH = 12;
const SHELF_LIFE_YEARS = 2;

/** Codes as a scanner's software shows them: element strings in brackets. */
export function newGoods(now: Date): Goods {
  const lot = `L${randomSerial(5)}`;
  const expiry = `${now.getUTCFullYear() + SHELF_LIFE_YEARS}-06-30`;
  const pack = () =>
    `(01)${GTIN}(21)${randomSerial(SERIAL_LENGTH)}(17)${expiry.slice(2).replaceAll('-', '')}(10)${lot}`;
  return {
    gtin: GTIN,
    caseGtin: CASE_GTIN,
    lot,
    expiry,
    packs: Array.from({ length: CASES * PACKS_A_CASE }, pack),
    cases: Array.from({ length: CASES }, () => `(01)${CASE_GTIN}(21)${randomSerial(SERIAL_LENGTH)}`),
    pallet: newSscc(),
    counterfeit: pack(),
  };
}

/** An SSCC of the demo's manufacturer that was not used before. */
export function newSscc(): string {
  const reference = String(randomBytes(4).readUInt32BE() % 1_000_000_000).padStart(9, '0');
  const digits = `0${COMPANY_PREFIX}${reference}`;
  return `(00)${digits}${checkDigit(digits)}`;
}

/** Unguessable: a serial that can be counted up to can be forged (FMD Art. 4: less than 1 in 10,000). */
function randomSerial(length: number): string {
  return [...randomBytes(length)].map((byte) => SERIAL_ALPHABET[byte % SERIAL_ALPHABET.length]).join('');
}

/** What a scan of the pack's serial alone says: product and serial, without lot and expiry. */
export function serialOf(pack: string): string {
  return pack.slice(0, pack.indexOf('(17)'));
}
