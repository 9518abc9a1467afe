import fc from 'fast-check';
import { canonicalBytes, type Json, type JsonObject } from '@custos/core-bytes';
import { MAX_RECEIPTS_BYTES, MAX_STATE_KEY_LENGTH, receiptJson } from '@custos/core-chain';
import { CUSTODY_LIMITS } from '@custos/core-custody';
import { CUSTOS_CONTEXT, MAX_EPCS, MAX_EVENT_ID_BYTES } from '@custos/core-epcis';
import { MAX_CODES, TASKS } from '@custos/formats-api';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { planCapture, readDocument } from './capture/capture-plan.js';
import { createPen, DraftTooLarge } from './capture/drafts.js';
import { EXPIRY, genesisDocument, identityIn, LOT, MAKER, pack, PHARMACY, PRODUCT } from './testing/members.js';
import { SALT, SmallLaw, START } from './testing/small-law.js';
import { planTask } from './testing/plan-task.js';

// What the border lets through, the ledger can hold: a transaction that no block could hold would be sent for ever.

const { networkId } = identityIn(genesisDocument(START), MAKER).network.trust;
const pen = createPen({ hasher: nodeHasher, networkId, signer: MAKER.key, verify: nodeVerify, now: () => START });

/** Every text and every name that a document can make long. */
function storedEvent(long: string, name: string): JsonObject {
  return {
    ...{ type: 'ObjectEvent', eventTime: '2026-01-05T08:00:00Z', eventTimeZoneOffset: '+00:00', action: 'OBSERVE' },
    ...{ bizStep: 'storing', epcList: ['https://id.gs1.org/01/04012345000016/21/A'] },
    bizTransactionList: [{ type: 'po', bizTransaction: `urn:x:po:${long}` }],
    readPoint: { id: 'urn:epc:id:sgln:4012345.00000.0', [`custos:${name}`]: long },
    [`custos:${name}`]: { [`custos:${name}`]: long },
  };
}

const document = (events: readonly Json[], more: JsonObject = {}): JsonObject => ({
  ...{ '@context': CUSTOS_CONTEXT, type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2026-01-05T08:00:00Z' },
  ...{ epcisBody: { eventList: events }, ...more },
});

async function planOf(json: Json) {
  const read = await readDocument({ hasher: nodeHasher, salt: () => SALT, now: START }, json, async () => undefined);
  return read.ok ? planCapture(read.value, 'proceed', () => SALT) : read;
}

jest.setTimeout(180_000);

const LENGTHS = fc.oneof(fc.nat(300), fc.constantFrom(128, 129, 255, 256, 257, 2_047, 2_049, 65_536, 400_000, 600_000));

describe('the border is within the limits of the ledger', () => {
  it('L5.7: an eventID that is too long is refused by name, with the limit', async () => {
    const named = async (eventID: string) => planOf(document([{ ...storedEvent('x', 'x'), eventID }]));
    const fits = `urn:x:${'é'.repeat((MAX_EVENT_ID_BYTES - 'urn:x:'.length) / 3)}`;
    expect(await named(fits)).toMatchObject({ ok: true, value: { rejected: [] } });
    expect(await named(`${fits}éé`)).toMatchObject({
      value: {
        rejected: [{ field: '/epcisBody/eventList/0/eventID', fix: `send at most ${MAX_EVENT_ID_BYTES} bytes` }],
      },
    });
  });

  it('a text, a name or a header of any length is refused by name, or judged in a block', async () => {
    const law = await SmallLaw.withProduct();
    const header = fc.record({ sender: LENGTHS.map((length) => 's'.repeat(length)) }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(LENGTHS, LENGTHS, header, async (text, name, more) => {
        const plan = await planOf(document([storedEvent('x'.repeat(text), `n${'x'.repeat(name)}`)], more));
        if (!plan.ok)
          return expect(plan.malformed).toMatchObject({ field: expect.any(String), fix: expect.any(String) });
        for (const each of plan.value.rejected)
          expect(each).toMatchObject({ field: expect.any(String), fix: expect.any(String) });
        for (const { draft } of plan.value.drafts) {
          const signed = await pen.sign(draft).catch((error: unknown) => error);
          // 413 by name: it is not promised.
          if (signed instanceof DraftTooLarge) continue;
          const receipts = await law.judge(MAKER, draft);
          expect(canonicalBytes(receipts.map(receiptJson)).length).toBeLessThan(MAX_RECEIPTS_BYTES);
        }
      }),
      { numRuns: 40, interruptAfterTimeLimit: 30_000 },
    );
    for (const key of law.state.keys()) expect(key.length).toBeLessThanOrEqual(MAX_STATE_KEY_LENGTH);
  });

  it('a task of as many codes as its contract takes is one that the law can judge', async () => {
    expect(MAX_CODES).toBeLessThanOrEqual(MAX_EPCS);
    const law = await SmallLaw.withProduct();
    const serial = (n: number) => String(n).padStart(20, 'S');
    const codes = Array.from({ length: MAX_CODES }, (_, n) => pack(serial(n)));
    const [receipt] = await law.task(MAKER, 'commission', { codes, lot: LOT, expiry: EXPIRY });
    expect(receipt).toMatchObject({ outcome: 'accepted' });
    const more = TASKS.commission.input.safeParse({ codes: [...codes, pack('X')], lot: LOT, expiry: EXPIRY });
    expect(more.success).toBe(false);
  });

  it('members of a task at their longest are refused by name, or judged', async () => {
    const law = await SmallLaw.withProduct();
    const id = 'i'.repeat(60);
    const documents = Array.from({ length: 20 }, () => ({ type: 'po', id: 'd'.repeat(108) }));
    await law.done(MAKER, 'commission', { codes: [pack('A')], lot: LOT, expiry: EXPIRY });
    await law.done(MAKER, 'ship', { codes: [pack('A')], receiver: PHARMACY.gln, documents });
    const [shipment] = [...law.state].filter(([key]) => key.startsWith('shipment/')).map(([, entry]) => entry);
    expect(shipment!.private).toMatchObject({
      documents: { length: Math.min(documents.length, CUSTODY_LIMITS.documents) },
    });
    await law.done(MAKER, 'recall', { gtin: PRODUCT.gtin, lot: LOT, id, class: 1, depth: 'patient' });
    const levels = Array.from({ length: 7 }, (_, n) => ({ ...PRODUCT.levels[0]!, packs: n + 2 }));
    const product = (name: string, more: object = {}) =>
      planTask('registerProduct', { ...PRODUCT, name, ...more }, law.contextOf(MAKER));
    expect(product('n'.repeat(160))).toMatchObject({ ok: true });
    expect(product('n'.repeat(161))).toMatchObject({ ok: false, malformed: { code: 'TOO_MUCH', field: '/name' } });
    expect(product('n', { levels: [...levels, levels[0]] })).toMatchObject({
      malformed: { code: 'TOO_MUCH', field: '/levels', fix: 'send at most 7 items' },
    });
  });
});
