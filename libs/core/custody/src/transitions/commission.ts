import { endOfDay, parseIsoDate, parseLot, type IsoDate } from '@custos/core-gs1';
import { isCmoOf } from '@custos/core-registry';
import type { Lot } from '../units/lot.js';
import {
  judgeEach,
  lastOf,
  placeFor,
  type EventUnderLaw,
  type Target,
  type Transition,
} from '../law/event-under-law.js';
import { no, refuse, type No } from '../law/refuse.js';
import { lotKey } from '../state-keys.js';
import type { CustodyRefused } from '../law/types.js';
import type { Unit } from '../units/unit.js';

/** The lot and expiry that an ADD gives to all of its units. */
interface Batch {
  readonly lot: string;
  readonly expiry: IsoDate;
}

/** C1: commissions serials of a registered GTIN in a lot whose first commission fixes the expiry. */
export const commission: Transition = (underLaw, targets) => {
  const batch = batchOf(underLaw);
  if ('outcome' in batch) return batch;
  // T2: the expiry is compared with the time of the event, since histories are captured late.
  if (endOfDay(batch.expiry) <= underLaw.event.eventTime) return refuse('EXPIRED', { expiry: batch.expiry });
  return judgeEach(underLaw, targets, (target) => commissionOne(underLaw, target, batch));
};

function batchOf({ event }: EventUnderLaw): Batch | CustodyRefused {
  const ilmd = event.type === 'ObjectEvent' ? event.ilmd : undefined;
  const lot = parseLot(ilmd?.lotNumber ?? '');
  if (!lot.ok) return refuse('MALFORMED_EVENT', { field: 'ilmd/lotNumber', fix: 'give the lot the units belong to' });
  const expiry = parseIsoDate(ilmd?.itemExpirationDate ?? '');
  if (!expiry.ok)
    return refuse('MALFORMED_EVENT', { field: 'ilmd/itemExpirationDate', fix: 'give the expiry as YYYY-MM-DD' });
  return { lot: lot.value, expiry: expiry.value };
}

function commissionOne(underLaw: EventUnderLaw, { key, identifier }: Target, { lot, expiry }: Batch): No | undefined {
  const { registered, units, signer, context, warnings } = underLaw;
  if (identifier.kind !== 'sgtin') throw new Error('C1 is for SGTINs');
  const product = registered.productOf(identifier.gtin)!;
  const owner = registered.ownerOf(identifier.gtin) ?? product.owner;
  if (owner !== signer.gln && !isCmoOf(product, signer.gln, context.timestamp))
    return no('GTIN_NOT_OWNED', { gtin: identifier.gtin, owner, signer: signer.gln });

  const known = units.find(key);
  const batchKey = lotKey(product.gtin, lot);
  if (known) {
    if (known.lot !== batchKey || known.expiry !== expiry) return no('SERIAL_REUSED');
    warnings.add('REPEATED', key);
    return undefined;
  }
  const batch = units.findLot(batchKey);
  if (batch?.expiry !== undefined && batch.expiry !== expiry)
    return no('LOT_EXPIRY_CONFLICT', { lot, expiry: batch.expiry, given: expiry });
  // C19: a recall may have created the lot before its first unit.
  units.putLot(withOneMore(batch ?? { key: batchKey, recalls: [], units: 0 }, expiry));
  units.begin(newUnit(underLaw, key, { owner, lot: batchKey, expiry }));
  return undefined;
}

function withOneMore(lot: Lot, expiry: string): Lot {
  return { ...lot, expiry, units: lot.units + 1 };
}

/**
 * Returns a new unit in its first incarnation. Without `owner` it is a container, whose owner is that of its contents
 * (C2).
 */
export function newUnit(
  underLaw: EventUnderLaw,
  key: string,
  { owner, lot, expiry }: { readonly owner?: string; readonly lot?: string; readonly expiry?: string },
): Unit {
  return {
    key,
    lifecycle: { state: 'active' },
    onHold: false,
    lot,
    expiry,
    incarnation: 1,
    custody: { owner, possessor: underLaw.signer.gln, location: placeFor(underLaw) },
    last: lastOf(underLaw),
  };
}
