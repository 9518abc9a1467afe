import type { Receipt } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import { isRepeated, outcomeOf } from '../../promises/outcome.js';
import { captureJob } from './capture-job.js';
import type { CapturePart } from '../../promises/jobs.js';
import type { Settled } from '../../promises/outbox.js';
import type { OnError } from '../../capture/drafts.js';

const CREATED = Date.parse('2026-01-05T08:00:00Z');
const digest = (n: number) => n.toString(16).padStart(64, '0') as Digest;

const receipt = (txId: Digest, eventIndex: number, code?: string): Receipt => ({
  ...{ txId, eventIndex, warnings: [], changes: [] },
  ...(code === undefined ? { outcome: 'accepted' } : { outcome: 'refused', code, facts: { unit: 'unit/x' } }),
});

/** A part with a receipt for each code; '' = accepted, nothing at all = pending. */
function partOf(part: number, codes: readonly string[] | undefined): CapturePart {
  const txId = digest(part + 1);
  const events = (codes ?? ['']).map((_, i) => ({
    at: `/epcisBody/eventList/${part * 10 + i}`,
    eventID: `urn:x:${i}`,
  }));
  if (!codes) return { txId, status: 'pending', height: undefined, blockTime: undefined, events: [], receipts: [] };
  const receipts = codes.map((code, i) => receipt(txId, i, code === '' ? undefined : code));
  const times = { height: 7 + part, blockTime: CREATED + 1_000 * (part + 1) };
  if (codes.every((code) => code === '')) return { txId, status: 'final', ...times, events: [], receipts: [] };
  return { txId, status: 'refused', ...times, events, receipts };
}

const jobOf = (onError: OnError, parts: readonly (readonly string[] | undefined)[], rejected = 0) =>
  captureJob({
    ...{ job: 'job', kind: 'capture', createdAt: CREATED, onError, parts: parts.map((codes, i) => partOf(i, codes)) },
    rejected: Array.from({ length: rejected }, (_, i) => ({
      at: `/epcisBody/eventList/${i}`,
      ...{ code: 'MALFORMED_EVENT', field: `/epcisBody/eventList/${i}/action`, fix: 'send one' },
    })),
  });

describe('EPCIS 2.0.1, 12.6.2: running and success of a capture', () => {
  it.each<[string, OnError, readonly (readonly string[] | undefined)[], number, boolean, boolean]>([
    ['rollback, nothing final yet', 'rollback', [undefined], 0, true, true],
    ['rollback, all accepted', 'rollback', [['', '']], 0, false, true],
    ['rollback, one refused: none is captured', 'rollback', [['ROLLED_BACK', 'UNKNOWN_UNIT']], 0, false, false],
    ['proceed, nothing final yet', 'proceed', [undefined, undefined], 0, true, true],
    ['proceed, so far without an error', 'proceed', [[''], undefined], 0, true, true],
    ['proceed, an error, the rest is on its way', 'proceed', [['UNKNOWN_UNIT'], undefined], 0, true, false],
    ['proceed, a wrong event, the rest is on its way', 'proceed', [undefined], 1, true, false],
    ['proceed, all accepted', 'proceed', [[''], ['']], 0, false, true],
    ['proceed, some were refused', 'proceed', [['', 'UNKNOWN_UNIT'], ['']], 0, false, false],
    ['proceed, nothing could be signed', 'proceed', [], 2, false, false],
  ])('%s', (_what, onError, parts, rejected, running, success) => {
    const job = jobOf(onError, parts, rejected);
    expect(job).toMatchObject({ captureID: 'job', running, success, captureErrorBehaviour: onError });
    expect(job.errors.length > 0).toBe(!success);
    expect(job.finishedAt !== undefined).toBe(!running);
  });

  it('each error says which event of the document, and why; events that only fell along are not told', () => {
    const { errors } = jobOf('rollback', [['ROLLED_BACK', 'UNKNOWN_UNIT', 'ROLLED_BACK']]);
    expect(errors).toEqual([
      {
        type: 'epcisException:ValidationException',
        title: expect.stringContaining('never commissioned'),
        status: 404,
        detail: expect.any(String),
        code: 'UNKNOWN_UNIT',
        facts: { unit: 'unit/x' },
        event: '/epcisBody/eventList/1',
        eventID: 'urn:x:1',
        height: 7,
        transaction: digest(1),
      },
    ]);
    expect(jobOf('proceed', [], 1).errors).toMatchObject([
      { code: 'MALFORMED_EVENT', event: '/epcisBody/eventList/0', field: '/epcisBody/eventList/0/action', status: 400 },
    ]);
  });

  it('it is finished at the time of its last block', () => {
    expect(jobOf('proceed', [[''], ['']]).finishedAt).toBe('2026-01-05T08:00:02.000Z');
    expect(jobOf('proceed', [], 1).finishedAt).toBe('2026-01-05T08:00:00.000Z');
  });
});

describe('what a waiting request hears', () => {
  const txId = digest(1);
  const submitted = { job: 'job', parts: [{ txId, events: [{ at: '', eventID: 'urn:x:0' }] }], earlier: false };
  const settledOf = (codes: readonly string[]): Settled => ({
    ...{ txId, height: 7, blockTime: CREATED, inclusion: {} },
    receipts: codes.map((code, i) => receipt(txId, i, code === '' ? undefined : code)),
  });
  const outcome = (codes: readonly string[]) => outcomeOf(submitted, settledOf(codes));

  it('nothing final in time is pending, with the job to ask for', () => {
    expect(outcomeOf(submitted, undefined)).toEqual({ kind: 'pending', job: 'job', transaction: txId });
  });

  it('all accepted is final, with the events', () => {
    expect(outcome([''])).toMatchObject({ kind: 'final', events: ['urn:x:0'] });
  });

  it('L5.3: of a document that fell, the event with the reason is the refusal', () => {
    expect(outcome(['ROLLED_BACK', 'ALREADY_DISPENSED'])).toMatchObject({
      kind: 'refused',
      receipt: { eventIndex: 1, code: 'ALREADY_DISPENSED' },
    });
  });

  it('S9: only a warning without units says that the event itself was known', () => {
    const settled = settledOf(['']);
    const warned = (units?: readonly string[]): Settled => ({
      ...settled,
      receipts: [{ ...settled.receipts[0]!, warnings: [{ code: 'REPEATED', ...(units && { units }) }] }],
    });
    expect([isRepeated(warned()), isRepeated(warned(['unit/x'])), isRepeated(settled)]).toEqual([true, false, false]);
  });
});
