import type { ComponentFault } from './component-fault.js';
import { daysInMonth } from '../identifiers/dates.js';
import { isDigits } from '../identifiers/digits.js';

// The North American coupon code of AI (8110) and the positive offer file of AI (8112) as lists of fields. Their names
// are parts of the names of faults in GS1's Syntax Tests.

interface Field {
  /** Part of the name of a fault: `COUPON_TRUNCATED_<name>`. */
  readonly name: string;
  /** Number of digits; absent when a digit before the field states it. */
  readonly digits?: number;
  /** Allowed values of the digit that states the length. */
  readonly lengths?: string;
  /** Number that is added to the digit that states the length. */
  readonly more?: number;
  /** Allowed values of a code of one digit. */
  readonly oneOf?: string;
  readonly date?: boolean;
}

/** Fields that are present when the digit `if` precedes them; without `if`, always. */
interface Group {
  readonly if?: string;
  readonly fields: readonly Field[];
}

const PREFIX_LENGTHS = '0123456';

function purchase(nth: string): readonly Field[] {
  return [
    { name: `${nth}_PURCHASE_REQUIREMENT`, lengths: '12345', more: 0 },
    { name: `${nth}_PURCHASE_REQUIREMENT_CODE`, oneOf: '012349' },
    { name: `${nth}_PURCHASE_FAMILY_CODE`, digits: 3 },
  ];
}

function buyer(nth: string): readonly Field[] {
  return [...purchase(nth), { name: `${nth}_PURCHASE_GCP`, lengths: `${PREFIX_LENGTHS}9`, more: 6 }];
}

const SERIAL: Field = { name: 'SERIAL_NUMBER', lengths: '0123456789', more: 6 };
const OFFER: Field = { name: 'OFFER_CODE', digits: 6 };

const COUPON: readonly Group[] = [
  {
    fields: [
      { name: 'GCP', lengths: PREFIX_LENGTHS, more: 6 },
      OFFER,
      { name: 'SAVE_VALUE', lengths: '12345', more: 0 },
      ...purchase('1ST'),
    ],
  },
  { if: '1', fields: [{ name: 'ADDITIONAL_PURCHASE_RULES_CODE', oneOf: '0123' }, ...buyer('2ND')] },
  { if: '2', fields: buyer('3RD') },
  { if: '3', fields: [{ name: 'EXPIRATION_DATE', digits: 6, date: true }] },
  { if: '4', fields: [{ name: 'START_DATE', digits: 6, date: true }] },
  { if: '5', fields: [SERIAL] },
  { if: '6', fields: [{ name: 'RETAILER_GCP_OR_GLN', lengths: '1234567', more: 6 }] },
  {
    if: '9',
    fields: [
      { name: 'SAVE_VALUE_CODE', oneOf: '01256' },
      { name: 'SAVE_VALUE_APPLIES_TO_ITEM', oneOf: '012' },
      { name: 'STORE_COUPON_FLAG', oneOf: '0123456789' },
      { name: 'DONT_MULTIPLY_FLAG', oneOf: '01' },
    ],
  },
];

const POSITIVE_OFFER: readonly Group[] = [
  {
    fields: [{ name: 'FORMAT_CODE', oneOf: '01' }, { name: 'FUNDER', lengths: PREFIX_LENGTHS, more: 6 }, OFFER, SERIAL],
  },
];

/** Returns the first fault of a North American coupon code, AI (8110), or undefined. */
export function checkCoupon(text: string): ComponentFault | undefined {
  return checkGroups(COUPON, text);
}

/** Returns the first fault of a North American positive offer file, AI (8112), or undefined. */
export function checkPositiveOffer(text: string): ComponentFault | undefined {
  return checkGroups(POSITIVE_OFFER, text);
}

function checkGroups(groups: readonly Group[], text: string): ComponentFault | undefined {
  if (!isDigits(text)) return { fault: 'NON_DIGIT_CHARACTER', at: 0, fix: 'send digits only' };
  const dates = new Map<string, string>();
  let at = 0;
  for (const { if: mark, fields } of groups) {
    if (mark !== undefined && text[at] !== mark) continue;
    if (mark !== undefined) at++;
    for (const field of fields) {
      const end = endOfField(field, text, at);
      if (typeof end !== 'number') return end;
      if (field.date === true) dates.set(field.name, text.slice(at, end));
      at = end;
    }
    if ((dates.get('START_DATE') ?? '') > (dates.get('EXPIRATION_DATE') ?? '999999')) {
      return { fault: 'COUPON_EXPIRATION_BEFORE_START', at: at - 14, fix: 'start before the expiration' };
    }
  }
  return at === text.length ? undefined : { fault: 'COUPON_EXCESS_DATA', at, fix: 'leave out what is behind the code' };
}

// Returns the index behind the field, or its fault.
function endOfField(field: Field, text: string, at: number): number | ComponentFault {
  if (field.oneOf !== undefined) return endOfCode(field.name, field.oneOf, text, at);
  if (field.digits === undefined) return endOfTold(field, text, at);
  const end = at + field.digits;
  const short = field.date === true ? `TOO_SHORT_FOR_${field.name}` : `TRUNCATED_${field.name}`;
  if (end > text.length) return fault(short, at, `send ${field.digits} digits`);
  if (field.date === true && !isDay(text.slice(at, end))) {
    return fault(`INVALID_${GS1_SPELLING[field.name] ?? field.name}`, at, 'send a day that exists as YYMMDD');
  }
  return end;
}

/** Names that GS1's Syntax Tests spell differently. */
const GS1_SPELLING: { readonly [name: string]: string } = { EXPIRATION_DATE: 'EXIPIRATION_DATE' };

function endOfCode(name: string, oneOf: string, text: string, at: number): number | ComponentFault {
  if (at >= text.length) return fault(`MISSING_${name}`, at, `send one of ${oneOf}`);
  return oneOf.includes(text[at]!) ? at + 1 : fault(`INVALID_${name}`, at, `send one of ${oneOf}`);
}

function endOfTold({ name, lengths, more }: Field, text: string, at: number): number | ComponentFault {
  const told = text[at];
  if (told === undefined) return fault(`MISSING_${name}_VLI`, at, 'send the digit that tells the length');
  if (!lengths!.includes(told)) return fault(`INVALID_${name}_LENGTH`, at, `send one of ${lengths!}`);
  // 9 states that the company prefix is left out.
  const length = told === '9' && !lengths!.includes('8') ? 0 : Number(told) + more!;
  const end = at + 1 + length;
  return end <= text.length ? end : fault(`TRUNCATED_${name}`, at + 1, `send ${length} digits`);
}

function isDay(text: string): boolean {
  const day = Number(text.slice(4));
  return day > 0 && day <= daysInMonth(2000 + Number(text.slice(0, 2)), Number(text.slice(2, 4)));
}

function fault(name: string, at: number, fix: string): ComponentFault {
  return { fault: `COUPON_${name}`, at, fix };
}
