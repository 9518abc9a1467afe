import { fromHex, orReject, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { MAX_EVENTS } from '@custos/core-chain';
import { sealedValue } from '@custos/core-crypto';
import { findPersonal } from '@custos/core-custody';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { nodeHasher } from '@custos/shell-node-crypto';
import fc from 'fast-check';
import { EVENT_ROOM, MAX_GROUP_EPCS, planCapture, readDocument, type CapturePlan } from './capture-plan.js';
import type { OnError } from './drafts.js';

const NOW = Date.parse('2026-01-05T08:00:00Z');
const salt = () => '5a'.repeat(32);
let turns = 0;
const turn = async () => void turns++;

const event = (n: number, more: JsonObject = {}): JsonObject => ({
  type: 'ObjectEvent',
  eventTime: '2026-01-05T07:00:00Z',
  eventTimeZoneOffset: '+01:00',
  action: 'OBSERVE',
  bizStep: 'stocking',
  epcList: [`https://id.gs1.org/01/04012345000016/21/S${n}`],
  ...more,
});
const document = (events: readonly Json[], more: JsonObject = {}): JsonObject => ({
  '@context': CUSTOS_CONTEXT,
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-05T07:30:00Z',
  epcisBody: { eventList: events },
  ...more,
});

async function plan(json: Json, onError: OnError): Promise<Parsed<CapturePlan>> {
  const read = await readDocument({ hasher: nodeHasher, salt, now: NOW }, json, turn);
  return read.ok ? planCapture(read.value, onError, salt) : read;
}

async function planned(json: Json, onError: OnError): Promise<CapturePlan> {
  return orReject(await plan(json, onError));
}

async function faultOf(json: Json, onError: OnError = 'rollback') {
  const result = await plan(json, onError);
  return result.ok ? undefined : [result.malformed.code, result.malformed.field];
}

const sizes = ({ drafts }: CapturePlan) => drafts.map(({ events }) => events.length);

describe('what a document becomes', () => {
  it('L2.6: part 0 says what holds for all, then a part for each event, named by its hash if it has no name', async () => {
    const named = event(2, { eventID: 'urn:uuid:1' });
    const { drafts, rejected } = await planned(document([event(1), named], { sender: 'urn:x:1' }), 'rollback');
    expect(rejected).toEqual([]);
    const [{ draft, events }] = drafts as [(typeof drafts)[0]];
    expect(draft.parts[0]).toEqual({
      context: CUSTOS_CONTEXT,
      header: { creationDate: '2026-01-05T07:30:00Z', sender: 'urn:x:1' },
      onError: 'rollback',
      salt: salt(),
    });
    expect(draft.parts[2]).toEqual(named);
    expect(events).toEqual([
      { at: '/epcisBody/eventList/0', eventID: expect.stringMatching(/^ni:\/\/\/sha-256;/) },
      { at: '/epcisBody/eventList/1', eventID: 'urn:uuid:1' },
    ]);
  });

  it('a bare event with its own context is a document of one', async () => {
    const bare = { '@context': CUSTOS_CONTEXT, ...event(1) };
    const { drafts } = await planned(bare, 'rollback');
    expect(drafts).toHaveLength(1);
    expect(drafts[0]!.draft.parts[0]).toMatchObject({ context: CUSTOS_CONTEXT });
    expect(drafts[0]!.draft.parts[1]).not.toHaveProperty('@context');
    expect(drafts[0]!.events).toMatchObject([{ at: '' }]);
  });

  it('proceed: more events than a transaction takes are split in their order', async () => {
    const events = Array.from({ length: 2 * MAX_EVENTS + 1 }, (_, i) => event(i, { eventID: `urn:x:${i}` }));
    turns = 0;
    const result = await planned(document(events), 'proceed');
    expect(sizes(result)).toEqual([MAX_EVENTS, MAX_EVENTS, 1]);
    const ids = result.drafts.flatMap((draft) => draft.events.map(({ eventID }) => eventID));
    expect(ids).toEqual(events.map(({ eventID }) => eventID));
    expect(turns).toBeGreaterThan(3);
    expect(await faultOf(document(events))).toEqual(['TOO_LARGE', '/epcisBody/eventList']);
  });

  it('proceed: events are split by their bytes, too', async () => {
    const large = (n: number) => event(n, { 'custos:note': 'x'.repeat(Math.floor(EVENT_ROOM * 0.6)) });
    expect(sizes(await planned(document([large(1), large(2), event(3)]), 'proceed'))).toEqual([1, 2]);
    expect(await faultOf(document([large(1), large(2)]))).toEqual(['TOO_LARGE', '/epcisBody/eventList']);
  });

  it('L5.5: proceed: events are split by the work they ask for', async () => {
    const epcs = (from: number) =>
      Array.from({ length: MAX_GROUP_EPCS / 2 }, (_, i) => `https://id.gs1.org/01/04012345000016/21/S${from + i}`);
    const many = [1_000, 3_000, 5_000].map((from) => event(from, { epcList: epcs(from) }));
    expect(sizes(await planned(document(many), 'proceed'))).toEqual([2, 1]);
    expect(sizes(await planned(document(many), 'rollback'))).toEqual([3]);
  });

  it('one event that no transaction could hold is refused by its place; with proceed the others go', async () => {
    const huge = event(1, { 'custos:note': 'x'.repeat(EVENT_ROOM) });
    const { drafts, rejected } = await planned(document([event(0), huge, event(2)]), 'proceed');
    expect(drafts).toHaveLength(1);
    expect(rejected).toMatchObject([{ at: '/epcisBody/eventList/1', code: 'TOO_LARGE' }]);
    expect(await faultOf(document([huge]))).toEqual(['TOO_LARGE', '/epcisBody/eventList/0']);
  });

  it('proceed reports each wrong event with its place, and takes the others; rollback takes nothing', async () => {
    const wrong = event(1, { bizStep: 7 as never });
    const untimed = event(2, { eventTime: 'yesterday' });
    const { drafts, rejected } = await planned(document([wrong, event(3), untimed]), 'proceed');
    expect(drafts[0]!.events).toMatchObject([{ at: '/epcisBody/eventList/1' }]);
    expect(rejected.map(({ at, field }) => [at, field])).toEqual([
      ['/epcisBody/eventList/0', '/epcisBody/eventList/0/bizStep'],
      ['/epcisBody/eventList/2', '/epcisBody/eventList/2/eventTime'],
    ]);
    expect(await faultOf(document([event(3), wrong]))).toEqual(['MALFORMED_EVENT', '/epcisBody/eventList/1/bizStep']);
  });

  it('proceed with nothing but wrong events leaves nothing to sign', async () => {
    const { drafts, rejected } = await planned(document([{ type: 'ObjectEvent' }]), 'proceed');
    expect([drafts, rejected.length]).toEqual([[], 1]);
  });

  it.each<[string, Json, string, string]>([
    ['no object', 'text', 'MALFORMED_EVENT', ''],
    ['no context', { type: 'EPCISDocument' }, 'MALFORMED_EVENT', '/@context'],
    ['no event', document([]), 'NO_EVENT', '/epcisBody/eventList'],
    ['no list', document([], { epcisBody: {} }), 'MALFORMED_EVENT', '/epcisBody/eventList'],
    [
      'a time to come',
      document([event(1, { eventTime: '2026-01-05T09:00:00Z' })]),
      'EVENT_IN_FUTURE',
      '/epcisBody/eventList/0/eventTime',
    ],
  ])('%s is refused by its place', async (_what, json, code, field) => {
    expect(await faultOf(json)).toEqual([code, field]);
  });

  it('L2.8: what names a person goes as a seal, under an id that no one can guess it by', async () => {
    const person = 'urn:epc:id:gsrn:4012345.0000000001';
    const members = { 'custos:patientName': { first: 'A' }, epcList: [person, 'urn:x:box'], eventID: 'urn:x:mine' };
    const { drafts, rejected, secrets, sealed } = await planned(
      document([event(1, members), event(2)], { sender: person }),
      'rollback',
    );
    expect(rejected).toEqual([]);
    const [head, part] = drafts[0]!.draft.parts as readonly [JsonObject, JsonObject];
    expect(findPersonal(drafts[0]!.draft.parts)).toBeUndefined();
    expect(JSON.stringify(drafts[0]!.draft)).not.toContain('urn:x:mine');
    expect((head.header as JsonObject).sender).toBe(secrets[0]!.seal);
    expect(part).toMatchObject({
      'custos:patientName': expect.any(String),
      epcList: [expect.any(String), 'urn:x:box'],
    });
    expect(part.eventID).toContain('ni:///sha-256;');
    for (const { seal, salt: grain, value } of secrets)
      expect(sealedValue(nodeHasher, fromHex(grain)!, value)).toBe(seal);
    expect(secrets.map(({ value }) => value)).toEqual([person, person, { first: 'A' }]);
    expect(sealed).toMatchObject([{ clientId: 'urn:x:mine', part }]);
  });

  it('L2.8: where no seal may stand, the event is refused by its place', async () => {
    const disposed = (word: string) => document([event(1, { persistentDisposition: { set: [word] } })]);
    const ofOurOwn = disposed('https://example.com/gsrn/401234500000000012');
    expect((await planned(ofOurOwn, 'rollback')).secrets).toHaveLength(1);
    // S4: an identifier of GS1 is no word, so there is nothing to seal.
    expect(await faultOf(disposed('urn:epc:id:gsrn:4012345.0000000001'))).toEqual([
      'MALFORMED_EVENT',
      '/epcisBody/eventList/0/persistentDisposition/set/0',
    ]);
    const typed = event(1, { sensorElementList: [{ sensorReport: [{ type: 'Count', contact: 'x' }] }] });
    expect(await faultOf(document([typed]))).toEqual([
      'MALFORMED_EVENT',
      '/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/contact',
    ]);
  });

  it('whatever comes, it is a plan or one place that is wrong', async () => {
    const keys = fc.constantFrom(
      'type',
      '@context',
      'eventTime',
      'action',
      'epcList',
      'epcisBody',
      'eventList',
      '__proto__',
    );
    const garbage = fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()));
    const property = fc.asyncProperty(
      garbage,
      fc.constantFrom<OnError>('rollback', 'proceed'),
      async (json, onError) => {
        for (const each of [json, document([json as Json]), { ...event(1), ...(json as object) }]) {
          const fault = await faultOf(each as Json, onError);
          if (fault) expect(fault).toEqual([expect.any(String), expect.any(String)]);
        }
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});
