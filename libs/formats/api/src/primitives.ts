import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { glnOfCode, gtinOfCode, identify, parseIsoDate, parseLot, parseScan } from '@custos/core-gs1';
import { z } from 'zod';

/** Returns the schema of a text that a parser of the core accepts; the parser's code and fix reach the caller. */
function parsedBy(parse: (text: string) => Parsed<unknown>, max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .check((context) => {
      const result = parse(context.value);
      if (result.ok) return;
      const { code, field, fix } = result.malformed;
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: fix,
        params: { code, element: field, fix },
      });
    });
}

/** Longest code form: a Digital Link with every pharma attribute. */
const MAX_CODE = 2_000;

/** A code of a pack, case or pallet in any form: element string, bracketed form, Digital Link or EPC URN. */
export const code = parsedBy((text) => parseScan(text), MAX_CODE).meta({
  id: 'Code',
  description: 'GS1 element string, bracketed form, Digital Link URI or EPC URN',
  examples: ['(01)04012345000016(21)A1B2', 'urn:epc:id:sscc:4012345.0000000001'],
});

/** The schema of an EPC URN or a Digital Link URI of any class, at most 2,000 characters. */
export const epc = parsedBy((text) => identify(text), MAX_CODE).meta({
  id: 'Epc',
  description: 'EPC URN or Digital Link URI',
});

/** Returns the schema of a GS1 key in any form; its output is the digits of the key alone. */
function keyBy(parse: (text: string) => Parsed<string>) {
  return parsedBy(parse, MAX_CODE).overwrite((text) => {
    const key = parse(text);
    return key.ok ? key.value : text;
  });
}

/** The schema of a GLN, or of a code of a party or place in any form. Its output is the 13 digits. */
export const gln = keyBy((text) => glnOfCode(text)).meta({
  id: 'Gln',
  description: 'Global Location Number, 13 digits with check digit; or a code of a party or place in any form',
});

/** The schema of a GTIN, or of a code in any form that holds one. Its output is the digits of the key alone. */
export const gtin = keyBy((text) => gtinOfCode(text)).meta({
  id: 'Gtin',
  description: 'Global Trade Item Number, 8 to 14 digits with check digit; or a code in any form that holds one',
});

/** The schema of a calendar date, YYYY-MM-DD. */
export const isoDate = parsedBy((text) => parseIsoDate(text), 10).meta({ id: 'Date', description: 'YYYY-MM-DD' });

/** The schema of a lot number (GS1 General Specifications, AI (10)): up to 20 characters of character set 82. */
export const lot = parsedBy((text) => parseLot(text), 20).meta({
  id: 'Lot',
  description: 'GS1 General Specifications, AI (10): up to 20 characters of character set 82',
});

/** The schema of a country code (ISO 3166-1 alpha-2), two capital letters. Refuses COUNTRY_INVALID. */
export const country = parsedBy(parseCountry, 2).meta({ id: 'Country', description: 'ISO 3166-1 alpha-2' });

/** The schema of an EPCIS eventTime (xsd:dateTimeStamp): date, time and offset. */
export const timestamp = z.iso.datetime({ offset: true });

/** The schema of a 32-byte digest as 64 lower-case hex digits; only the length is checked. */
export const digest = z.string().length(64).meta({ id: 'Digest', description: '64 lower-case hex digits' });

/** Most codes of one task: as many as one event may carry (chain limits: 5,000 EPCs an event). */
export const MAX_CODES = 5_000;
/** The schema of the codes of one task, from 1 to {@link MAX_CODES}. */
export const codes = z.array(code).min(1).max(MAX_CODES);

function parseCountry(text: string): Parsed<string> {
  const letters = [...text].filter((letter) => letter >= 'A' && letter <= 'Z');
  if (text.length === 2 && letters.length === 2) return parsed(text);
  return malformed('COUNTRY_INVALID', 'country', 'send two capital letters (ISO 3166-1 alpha-2)');
}
