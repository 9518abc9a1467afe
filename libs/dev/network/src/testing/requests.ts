import { randomBytes, randomUUID } from 'node:crypto';
import { checkDigit } from '@custos/core-gs1';
import { newGoods, type Goods } from '../demo/goods.js';

/** One wish of a user, which is sent again under its key until it has an answer. */
export interface Wish {
  readonly member: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string;
  /** Stands in the event that says it, and in no other: how it is found again on the chain. */
  readonly mark: string;
  /** False: the law refuses it, on the chain. */
  readonly isGood: boolean;
}

const MARK_PREFIX = 'FLT';
const MARK_BYTES = 8;
const MARK_LENGTH = MARK_PREFIX.length + 2 * MARK_BYTES;
const FOREIGN_GTIN = `0999999000001${checkDigit('0999999000001')}`;

function newMark(): string {
  return MARK_PREFIX + randomBytes(MARK_BYTES).toString('hex').toUpperCase();
}

/** The marks that a text holds. */
export function marksIn(text: string): ReadonlySet<string> {
  const marks = new Set<string>();
  for (let at = text.indexOf(MARK_PREFIX); at >= 0; at = text.indexOf(MARK_PREFIX, at + 1))
    marks.add(text.slice(at, at + MARK_LENGTH));
  return marks;
}

/** What each member wishes for again and again: something that is accepted, or refused, whatever came before. */
export type Wishing = Readonly<Record<string, () => Wish>>;

/** The product that the manufacturer makes, to be registered first. */
export function productOf({ gtin }: Goods): Wish {
  const mark = newMark();
  const body = { gtin, name: `Alpenrosin ${mark}`, markets: ['DE'] };
  return { member: 'manufacturer', path: '/products', body, key: randomUUID(), mark, isGood: true };
}

export function wishing(goods: Goods = newGoods(new Date())): Wishing {
  const { gtin, lot, expiry } = goods;
  const packOf = (mark: string) => `(01)${gtin}(21)${mark}(17)${expiry.slice(2).replaceAll('-', '')}(10)${lot}`;
  const wish = (member: string, path: string, isGood: boolean, bodyOf: (mark: string) => unknown): Wish => {
    const mark = newMark();
    return { member, path, body: bodyOf(mark), key: randomUUID(), mark, isGood };
  };
  return {
    manufacturer: () =>
      wish('manufacturer', '/commissionings', true, (mark) => ({ codes: [packOf(mark)], lot, expiry })),
    // S2: goods of no one here are recorded as they are.
    distributor: () => wish('distributor', '/events', true, observation),
    // No one made this pack: the refused attempt is evidence.
    pharmacy: () => wish('pharmacy', '/dispensations', false, (mark) => ({ codes: [packOf(mark)] })),
  };
}

/** A document with one event, which is answered by its job at once. */
export function captureWish(): Wish {
  const mark = newMark();
  const body = {
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: new Date().toISOString(),
    epcisBody: { eventList: [observation(mark)] },
  };
  return { member: 'distributor', path: '/capture', body, key: randomUUID(), mark, isGood: true };
}

/** The pack that a commissioning speaks of. */
export function codeOf({ body }: Wish): string {
  return (body as { readonly codes: readonly [string] }).codes[0];
}

/** An event with an id of its own, so that the chain knows a second sight of it. */
function observation(mark: string): unknown {
  return {
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'ObjectEvent',
    eventID: `urn:uuid:${randomUUID()}`,
    eventTime: new Date().toISOString(),
    eventTimeZoneOffset: '+00:00',
    action: 'OBSERVE',
    bizStep: 'inspecting',
    epcList: [`https://id.gs1.org/01/${FOREIGN_GTIN}/21/${mark}`],
  };
}
