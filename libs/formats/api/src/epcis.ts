import { z } from 'zod';
import { LAW, NAMES, NEEDS_ROWS, problemCase, PROMISES } from './problem-cases.js';
import { route } from './route.js';
import { finalAnswer, idempotencyKey, pendingAnswer } from './tasks.js';

// The standard interface of EPCIS 2.0.1, 12. The content of documents is judged by core/epcis, not by a schema here.

/** An event or a document as JSON-LD (EPCIS 2.0.1, 9). */
const epcisJson = z
  .looseObject({ '@context': z.json(), type: z.string() })
  .meta({ id: 'EpcisJson', description: 'EPCIS 2.0 in JSON-LD, as in the schema of GS1' });

/** Media types of an EPCIS document; it is JSON-LD. */
const JSON_LD = ['application/json', 'application/ld+json'] as const;

const onError = z
  .enum(['rollback', 'proceed'])
  .default('rollback')
  .describe('rollback: the whole document or nothing; proceed: the events that can be captured');

/** The schema of a capture job (EPCIS 2.0.1, 12): its state, and a problem for each event that failed. */
const captureJob = z
  .object({
    captureID: z.string(),
    createdAt: z.string(),
    finishedAt: z.string().optional(),
    running: z.boolean(),
    success: z.boolean().describe('false as soon as one event failed'),
    captureErrorBehaviour: z.enum(['rollback', 'proceed']),
    errors: z.array(z.json()).describe('a problem for each event that failed, with its place in the document'),
  })
  .meta({ id: 'CaptureJob' });

const VERSIONS = {
  'GS1-EPCIS-Version': '2.0.0',
  'GS1-CBV-Version': '2.0.0',
  'GS1-Extensions': 'namespaces beside those of GS1',
} as const;
const SPOKEN = {
  'GS1-EPCIS-Version': z.string().optional().describe('2.0.0 or 2.0.1'),
  'GS1-CBV-Version': z.string().optional().describe('2.0.0'),
} as const;
const NOT_SPOKEN = problemCase(406, ['NOT_SPOKEN'], 'a version, a format or a media type that is not spoken here');
const NO_JOB = problemCase(404, ['JOB_UNKNOWN'], 'there is no such job');

/** Returns the OPTIONS route that reports the versions and limits of an address (EPCIS 2.0.1, 12.8). */
const discovery = (name: string, path: string, params?: Readonly<Record<string, z.ZodType>>) =>
  route({
    ...{ name, path, params, method: 'OPTIONS', access: 'read', success: 204 },
    summary: 'What is spoken at this address',
    input: z.object({}),
    output: z.void(),
    told: { ...VERSIONS, Allow: 'methods', 'GS1-EPCIS-Min': 'lowest version', 'GS1-EPCIS-Max': 'highest version' },
    problems: [NOT_SPOKEN],
  });
const JOB = { job: z.string().describe('as in Location') };
const EVENT = { eventId: z.string().describe('eventID, percent-encoded') };

/**
 * The routes of the EPCIS 2.0.1 interface (clause 12): capture, capture jobs, single events, and discovery by OPTIONS.
 */
export const EPCIS = {
  discoverCapture: discovery('discoverCapture', '/capture'),
  discoverCaptureJob: discovery('discoverCaptureJob', '/capture/{job}', JOB),
  discoverEvents: discovery('discoverEvents', '/events'),
  discoverEvent: discovery('discoverEvent', '/events/{eventId}', EVENT),
  capture: route({
    name: 'capture',
    method: 'POST',
    path: '/capture',
    summary: 'Capture a document of many events; its job says what became of it',
    access: 'operate',
    headers: { ...SPOKEN, 'GS1-Capture-Error-Behaviour': onError, 'Idempotency-Key': idempotencyKey },
    input: epcisJson,
    judgedBy: 'core',
    bodyMedia: JSON_LD,
    maxBytes: 16 * 1024 * 1024,
    output: z.void(),
    success: 202,
    told: {
      ...VERSIONS,
      Location: 'the capture job',
      'GS1-EPCIS-Capture-Limit': 'events of one document with rollback',
      'GS1-EPCIS-Capture-File-Size-Limit': 'bytes of a document',
      'GS1-Capture-Error-Behaviour': 'as it was asked for',
    },
    problems: [
      NAMES,
      ...PROMISES,
      problemCase(409, ['DUPLICATE_EVENT'], 'with rollback: another event that names a person has this eventID'),
      NOT_SPOKEN,
    ],
  }),
  captureJob: route({
    name: 'captureJob',
    method: 'GET',
    path: '/capture/{job}',
    summary: 'What became of a captured document',
    access: 'read',
    headers: SPOKEN,
    params: JOB,
    input: z.object({}),
    output: captureJob,
    success: 200,
    told: VERSIONS,
    problems: [NO_JOB, NEEDS_ROWS, NOT_SPOKEN],
  }),
  captureEvent: route({
    name: 'captureEvent',
    method: 'POST',
    path: '/events',
    summary: 'Capture one event and wait for it',
    access: 'operate',
    headers: { ...SPOKEN, 'Idempotency-Key': idempotencyKey },
    input: epcisJson,
    judgedBy: 'core',
    bodyMedia: JSON_LD,
    output: finalAnswer,
    success: 201,
    pending: pendingAnswer,
    told: { ...VERSIONS, Location: 'the event' },
    problems: [NAMES, ...PROMISES, ...LAW, problemCase(409, ['REPEATED'], 'the event is captured already'), NOT_SPOKEN],
  }),
  event: route({
    name: 'event',
    method: 'GET',
    path: '/events/{eventId}',
    summary: 'An event as it was signed, of this organisation or one that it is part of',
    access: 'read',
    headers: SPOKEN,
    params: EVENT,
    input: z.object({}),
    output: epcisJson,
    success: 200,
    told: VERSIONS,
    problems: [problemCase(404, ['EVENT_UNKNOWN'], 'there is no such event'), NEEDS_ROWS, NOT_SPOKEN],
  }),
} as const;
