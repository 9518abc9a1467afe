import { utf8, type Json, type JsonObject } from '@custos/core-bytes';
import { aggregationEvent, CUSTOS_CONTEXT, objectEvent } from '@custos/core-epcis';
import { checkDigit, type Identifier } from '@custos/core-gs1';

const GTIN = '04012345123456';
const CHILDREN = 10;
const START = Date.UTC(2026, 0, 5);
const SENSED = { deviceID: 'https://id.gs1.org/8004/4012345D1', 'ext:zone': 'A7' };

/** As a partner's system writes them: half of the codes as URNs, words bare, extensions and sensors now and then. */
function eventNumber(i: number): JsonObject {
  const eventTime = START + i * 1_000;
  const place = { kind: 'sgln', gln: '4012345000016' } as Identifier;
  const packs = Array.from({ length: CHILDREN }, (_, j) => packNumber(i * CHILDREN + j));
  const shared = { eventTime, readPoint: place, bizLocation: place };
  switch (i % 4) {
    case 0: {
      const ilmd = { lot: `L${i % 100}`, expiry: '2028-06-30' };
      return objectEvent({ ...shared, action: 'ADD', bizStep: 'commissioning', epcs: packs, ilmd });
    }
    case 1: {
      const event = aggregationEvent({
        ...shared,
        action: 'ADD',
        bizStep: 'packing',
        parent: pallet(i),
        children: packs,
      });
      return { ...event, childEPCs: packs.map((_, j) => `urn:epc:id:sgtin:4012345.012345.P${i * CHILDREN + j}`) };
    }
    case 2: {
      const [maker, buyer] = ['4012345000009', '4023456000000'].map((gln) => ({ kind: 'pgln', gln }) as Identifier);
      const ends = {
        sources: [{ type: 'owning_party', source: maker! }],
        destinations: [{ type: 'owning_party', destination: buyer! }],
      };
      const bizTransactions = [{ type: 'po', bizTransaction: `urn:epcglobal:cbv:bt:4023456000000:${i}` }];
      const step = { bizStep: 'shipping', disposition: 'in_transit', bizTransactions } as const;
      return objectEvent({ ...shared, ...step, ...ends, action: 'OBSERVE', epcs: [pallet(i)] });
    }
    default: {
      const event = objectEvent({ ...shared, action: 'OBSERVE', bizStep: 'sensor_reporting', epcs: packs });
      const sensorReport = [{ type: 'Temperature', value: 4.5 + (i % 10) / 10, uom: 'CEL' }];
      return { ...event, sensorElementList: [{ sensorMetadata: SENSED, sensorReport }], 'ext:route': { 'ext:leg': i } };
    }
  }
}

export function documentOf(events: readonly Json[]): JsonObject {
  return {
    '@context': [...(CUSTOS_CONTEXT as readonly Json[]), { ext: 'https://example.com/ext/' }],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: new Date(START).toISOString(),
    epcisBody: { eventList: events },
  };
}

/** Documents of `size` events, as bytes: what stands on the wire. */
export function documentBytes(documents: number, size: number): readonly Uint8Array[] {
  return Array.from({ length: documents }, (_, d) =>
    utf8(JSON.stringify(documentOf(Array.from({ length: size }, (_item, i) => eventNumber(d * size + i))))),
  );
}

function packNumber(n: number): Identifier {
  return { kind: 'sgtin', gtin: GTIN, serial: `P${n}` } as Identifier;
}

function pallet(n: number): Identifier {
  const digits = `04012345${String(n).padStart(9, '0')}`;
  return { kind: 'sscc', sscc: digits + checkDigit(digits) } as Identifier;
}
