import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type Json, type JsonObject } from '@custos/core-bytes';
import { referenceHasher as hasher, type Digest } from '@custos/core-crypto';
import type { Entry } from '@custos/core-state';
import { contentsKey, eventKey, lotKey, privateCommitment, summaryHash, unitOf } from './index.js';
import {
  carton,
  GTIN,
  key,
  LOT,
  MAKER,
  pack,
  palletWorld,
  PHARMACY,
  sgln,
  PHARMACY_COUNTER,
  TRADER,
  world,
} from './testing/world.js';

// L9: one example of each record of custody. A change of them is a change of the format: only CUSTOS_WRITE_VECTORS=1
// rewrites them.

const FILE = join(__dirname, '../../../../vectors/custody.json');

function examples(): JsonObject {
  const w = palletWorld();
  const shipped = w.ship([w.pallet], TRADER, {
    bizTransactions: [{ type: 'desadv', bizTransaction: 'urn:example:7' }],
  });
  const { receiptChanges: shipping } = w.done(MAKER, shipped);
  const { shipment } = w.unit(w.pallet).custody!.transit!;
  const travelling = example(w.state.get(key(w.pallet))!);
  const { receiptChanges: receiving } = w.done(TRADER, w.receive([w.pallet]));
  const { receiptChanges: unpacking } = w.done(TRADER, w.unpack(w.pallet, [carton(1)]));
  w.done(TRADER, w.ship([carton(1)], PHARMACY));
  w.done(PHARMACY, w.receive([carton(1)]));
  w.done(PHARMACY, w.dispense([pack(1)], { bizLocation: sgln(PHARMACY_COUNTER) }));
  const again = w.tell(PHARMACY, w.dispense([pack(1)]));
  w.done(PHARMACY, w.ship([pack(2)], TRADER));
  w.done(TRADER, w.receive([pack(2)]));
  w.done(MAKER, w.recall({ id: 'R-2026-1', class: 1, depth: 'patient', markets: ['DE', 'AT'] }));
  const at = (of: string): Json => example(w.state.get(of)!);
  return {
    'pack in a case': { key: key(pack(3)), ...(at(key(pack(3))) as JsonObject) },
    'pack dispensed': { key: key(pack(1)), ...(at(key(pack(1))) as JsonObject) },
    'pack returned, data pending': { key: key(pack(2)), ...(at(key(pack(2))) as JsonObject) },
    'pallet in transit': { key: key(w.pallet), ...(travelling as JsonObject) },
    'pallet received': { key: key(w.pallet), ...(at(key(w.pallet)) as JsonObject) },
    'contents page': { key: contentsKey(key(w.pallet), 0), ...(at(contentsKey(key(w.pallet), 0)) as JsonObject) },
    'lot recalled': { key: lotKey(GTIN, LOT), ...(at(lotKey(GTIN, LOT)) as JsonObject) },
    shipment: { key: shipment, ...(at(shipment) as JsonObject) },
    event: {
      key: eventKey(MAKER, shipped.eventID as string),
      source: shipped,
      ...(at(eventKey(MAKER, shipped.eventID as string)) as JsonObject),
    },
    'receipt changes': { shipping, receiving, unpacking } as unknown as JsonObject,
    'second dispense': again as unknown as JsonObject,
  };
}

/** Returns an entry as JSON, without undefined members. */
function example(entry: Entry): Json {
  return JSON.parse(canonicalJson(entry as unknown as JsonObject)) as Json;
}

describe('L9 golden vectors', () => {
  it('L6.2 to L6.5: units, lots, shipments, contents and events keep their form', () => {
    const text = `${JSON.stringify(JSON.parse(canonicalJson(examples())), null, 1)}\n`;
    if (process.env.CUSTOS_WRITE_VECTORS === '1') writeFileSync(FILE, text);
    expect(text).toBe(readFileSync(FILE, 'utf8'));
  });

  it('L6.2: the leaf commits to the private part without its salt, that to the summary', () => {
    const golden = JSON.parse(readFileSync(FILE, 'utf8')) as { [name: string]: Entry & { readonly key: string } };
    for (const [name, entry] of Object.entries(golden)) {
      if (!entry.value) continue;
      expect([name, entry.value.private]).toEqual([name, privateCommitment(hasher, entry)]);
      expect(Object.keys(entry.private!)).toContain('salt');
    }
    const pallet = golden['pallet received']!;
    expect(pallet.private!.summary as Digest).toBe(summaryHash(hasher, unitOf(pallet.key, pallet).contains!));
  });

  it('L6.2: another salt gives another commitment of the same private part', () => {
    const [a, b] = [world(), world(undefined, 50)].map((w) => {
      w.done(MAKER, w.commission([pack(1)], { eventID: 'urn:x:1' }));
      return w.state.get(key(pack(1)))!;
    });
    expect({ ...a!.private, salt: '' }).toEqual({ ...b!.private, salt: '' });
    expect(a!.value.private).not.toBe(b!.value.private);
    expect(a!.value.public).toEqual(b!.value.public);
  });
});
