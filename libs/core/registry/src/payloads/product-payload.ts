import { attempt, compareText, fields, reject, textOf, type Fields, type Json, type Parsed } from '@custos/core-bytes';
import { MAX_CMOS, MAX_LEVELS, MAX_MARKETS, MAX_NAME, MAX_NATIONAL_NUMBERS } from '../limits.js';
import type { Cmo, Content, Level, MasterData } from '../entries/product.js';
import { countryAt, dayAt, glnAt, gtinAt, validityOf, withoutRepeats } from '../entries/terms.js';

/** Master data as the owner states it. The chain adds the number and the time of the version. */
export interface ProductStatement {
  readonly gtin: string;
  /** The packaging levels above the base. The registry adds the base level. */
  readonly levels: readonly Level[];
  readonly master: Omit<MasterData, 'version' | 'effectiveFrom'>;
  readonly coveredFrom?: string;
}

/** The payload of a transaction of kind `product` (L2.6). */
export type ProductPayload =
  | { readonly op: 'register'; readonly product: ProductStatement }
  | { readonly op: 'revise'; readonly product: ProductStatement; readonly effectiveFrom?: number }
  | { readonly op: 'withdraw'; readonly gtin: string; readonly market: string }
  | { readonly op: 'grant'; readonly gtin: string; readonly to: string };

const OPS = ['register', 'revise', 'withdraw', 'grant'] as const;

/** Parses the payload of kind `product` (L2.6). */
export function parseProductPayload(value: Json): Parsed<ProductPayload> {
  return attempt(() => {
    const source = fields(value, '');
    const payload = payloadOf(source.oneOf('op', OPS), source);
    source.end();
    return payload;
  });
}

function payloadOf(op: (typeof OPS)[number], source: Fields): ProductPayload {
  switch (op) {
    case 'register':
      return { op, product: productStatementOf(source) };
    case 'revise': {
      const product = productStatementOf(source);
      return source.has('effectiveFrom')
        ? { op, product, effectiveFrom: source.integer('effectiveFrom', 0) }
        : { op, product };
    }
    case 'withdraw':
      return { op, gtin: gtinOf(source), market: countryAt(source.take('market'), source.at('market')) };
    case 'grant':
      return { op, gtin: gtinOf(source), to: glnAt(source.take('to'), source.at('to')) };
  }
}

const gtinOf = (source: Fields): string => gtinAt(source.take('gtin'), source.at('gtin'));

/** Reads the members of a product statement. Refuses with `reject`, so the caller runs it inside `attempt`. */
export function productStatementOf(source: Fields): ProductStatement {
  const gtin = gtinOf(source);
  const levels = source.list('levels', MAX_LEVELS - 1, levelAt);
  withoutRepeats([{ gtin }, ...levels], (level) => level.gtin, source.at('levels'));
  const markets = source.list('markets', MAX_MARKETS, countryAt);
  const cmos = source.list('cmos', MAX_CMOS, cmoAt);
  const nationalNumbers = source.list('nationalNumbers', MAX_NATIONAL_NUMBERS, nationalNumberAt);
  const master = {
    name: source.text('name', MAX_NAME),
    markets: [...withoutRepeats(markets, (market) => market, source.at('markets'))].sort(compareText),
    cmos: withoutRepeats(cmos, (cmo) => cmo.gln, source.at('cmos')),
    ...(source.has('content') && { content: contentOf(source.object('content')) }),
    ...(nationalNumbers.length > 0 && { nationalNumbers }),
  };
  const statement = { gtin, levels, master };
  if (!source.has('coveredFrom')) return statement;
  return { ...statement, coveredFrom: dayAt(source.take('coveredFrom'), source.at('coveredFrom')) };
}

function levelAt(value: Json, at: string): Level {
  const source = fields(value, at);
  const level = { gtin: gtinOf(source), name: source.text('name', MAX_NAME), packs: source.integer('packs', 1) };
  source.end();
  return level;
}

function cmoAt(value: Json, at: string): Cmo {
  const source = fields(value, at);
  const cmo = { gln: glnAt(source.take('gln'), source.at('gln')), ...validityOf(source) };
  source.end();
  return cmo;
}

// Whole numbers only: the law computes the rest of a pack without fractions (L5.6).
function contentOf(source: Fields): Content {
  const content = { amount: source.integer('amount', 1), uom: source.text('uom', 16) };
  source.end();
  return content;
}

function nationalNumberAt(value: Json, at: string): { readonly country: string; readonly number: string } {
  const source = fields(value, at);
  const country = countryAt(source.take('country'), source.at('country'));
  const number = textOf(source.take('number'), source.at('number'), 32);
  if (number.trim() !== number) reject('TEXT_INVALID', source.at('number'), 'leave spaces out at both ends');
  source.end();
  return { country, number };
}
