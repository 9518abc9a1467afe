import { orReject, type JsonObject } from '@custos/core-bytes';
import type { Receipt } from '@custos/core-chain';
import { aggregationEvent, objectEvent } from '@custos/core-epcis';
import { checkDigit, parseScan, type Identifier } from '@custos/core-gs1';
import { MAKER, PHARMACY, TRADER, type FollowedChain } from './followed-chain.js';

export const GTIN = '04012345000016';
const CASE_GTIN = '14012345000013';
export const LOT = 'L1';
export const EXPIRY = '2028-06-30';
export const PACKS = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'].map((serial) => `unit/01/${GTIN}/21/${serial}`);
export const CASES = ['K1', 'K2', 'K3'].map((serial) => `unit/01/${CASE_GTIN}/21/${serial}`);
const PALLET_DIGITS = '04012345000000001';
export const PALLET = `unit/00/${PALLET_DIGITS}${checkDigit(PALLET_DIGITS)}`;

/** `unit/01/...` as the identifier that an event names. */
function identified(key: string): Identifier {
  const [, ai, value, , serial] = key.split('/');
  const bracketed = ai === '00' ? `(00)${value}` : `(01)${value}(21)${serial}`;
  return orReject(parseScan(bracketed)).identifier;
}

const gln = (digits: string): Identifier => ({ kind: 'pgln', gln: digits }) as Identifier;

/** Builds the events of a life at the chain's own time. */
export function eventsOf(chain: FollowedChain) {
  const at = (): number => chain.now;
  const list = (keys: readonly string[]): readonly Identifier[] => keys.map(identified);
  return {
    commission: (keys: readonly string[]): JsonObject =>
      objectEvent({
        eventTime: at(),
        action: 'ADD',
        bizStep: 'commissioning',
        epcs: list(keys),
        ...(keys.some((key) => key.startsWith('unit/01/')) && { ilmd: { lot: LOT, expiry: EXPIRY } }),
      }),
    pack: (container: string, keys: readonly string[]): JsonObject =>
      aggregationEvent({
        eventTime: at(),
        action: 'ADD',
        bizStep: 'packing',
        parent: identified(container),
        children: list(keys),
      }),
    unpack: (container: string, keys?: readonly string[]): JsonObject =>
      aggregationEvent({
        eventTime: at(),
        action: 'DELETE',
        bizStep: 'unpacking',
        ...(keys ? {} : { persistentDisposition: { set: ['completeness_verified'] } }),
        parent: identified(container),
        children: keys && list(keys),
      }),
    ship: (keys: readonly string[], receiver: string): JsonObject =>
      objectEvent({
        eventTime: at(),
        action: 'OBSERVE',
        bizStep: 'shipping',
        epcs: list(keys),
        destinations: [
          { type: 'owning_party', destination: gln(receiver) },
          { type: 'possessing_party', destination: gln(receiver) },
        ],
      }),
    receive: (keys: readonly string[]): JsonObject =>
      objectEvent({ eventTime: at(), action: 'OBSERVE', bizStep: 'receiving', epcs: list(keys) }),
    dispense: (keys: readonly string[]): JsonObject =>
      objectEvent({
        eventTime: at(),
        action: 'OBSERVE',
        bizStep: 'dispensing',
        disposition: 'dispensed',
        epcs: list(keys),
      }),
    recall: (): JsonObject =>
      objectEvent({
        eventTime: at(),
        action: 'OBSERVE',
        quantities: [{ epcClass: { kind: 'lgtin', gtin: GTIN, lot: LOT } as Identifier }],
        custos: { recall: { id: 'R-1', class: 1, depth: 'patient', markets: [] } },
      }),
  };
}

/** Throws unless the law accepted all of it. */
function accepted(receipts: readonly Receipt[]): void {
  const refused = receipts.find(({ outcome }) => outcome === 'refused');
  if (refused) throw new Error(`${refused.code}: ${JSON.stringify(refused.facts)}`);
}

/**
 * Six packs in three cases on a pallet; one case goes on to the pharmacy, which opens it, dispenses one pack and tries
 * to dispense it again; then the lot is recalled. Two packs remain on their way from trader to pharmacy.
 */
export function livePallet(chain: FollowedChain): void {
  const events = eventsOf(chain);
  const step = (party: string, ...list: readonly JsonObject[]): void => accepted(chain.do(party, ...list));
  const product = {
    op: 'register',
    gtin: GTIN,
    name: 'Alpenrosin 20 mg',
    levels: [{ gtin: CASE_GTIN, name: 'case', packs: 2 }],
  };
  accepted(chain.add(chain.sign('product', MAKER, [product])).receipts);
  step(MAKER, events.commission(PACKS), events.commission(CASES), events.commission([PALLET]));
  // Packing and shipping in one document: moments of one block order them.
  const packings = CASES.map((carton, i) => events.pack(carton, PACKS.slice(2 * i, 2 * i + 2)));
  step(MAKER, ...packings, events.pack(PALLET, CASES), events.ship([PALLET], TRADER));
  step(TRADER, events.receive([PALLET]));
  step(TRADER, events.unpack(PALLET, [CASES[0]!]));
  step(TRADER, events.ship([CASES[0]!], PHARMACY));
  step(PHARMACY, events.receive([CASES[0]!]));
  step(PHARMACY, events.unpack(CASES[0]!));
  step(PHARMACY, events.dispense([PACKS[0]!]));
  chain.do(PHARMACY, events.dispense([PACKS[0]!]));
  step(TRADER, events.unpack(PALLET, [CASES[1]!]), events.ship([CASES[1]!], PHARMACY));
  step(MAKER, events.recall());
}
