import { isDigits } from '@custos/core-gs1';
import { MAX_EVENTS } from '@custos/core-chain';
import { CUSTOS_NAMESPACE } from '@custos/core-epcis';
import { EPCIS, type Route } from '@custos/formats-api';
import { malformedProblem, Problem, type SentHeaders } from '@custos/shell-process';
import type { OnError } from '../../capture/drafts.js';

// GS1's REST binding (EPCIS 2.0.1, 12): what its headers say, what it calls a problem.

/** Bytes of the largest document that is taken in (`proceed` documents are split). */
const CAPTURE_LIMIT = EPCIS.capture.maxBytes;

/** Told with every answer under the binding. */
export const EPCIS_HEADERS = {
  'GS1-EPCIS-Version': '2.0.0',
  'GS1-CBV-Version': '2.0.0',
  'GS1-Extensions': `custos=${CUSTOS_NAMESPACE}`,
} as const;

/** What the server takes, told with every capture. A document to split has no limit of events, only of bytes. */
export function captureHeaders(onError: OnError): Record<string, string> {
  return {
    ...LIMITS,
    'GS1-Capture-Error-Behaviour': onError,
    ...(onError === 'rollback' && { 'GS1-EPCIS-Capture-Limit': String(MAX_EVENTS) }),
  };
}

const LIMITS = { 'GS1-EPCIS-Capture-File-Size-Limit': String(CAPTURE_LIMIT) } as const;

/** Returns what OPTIONS answers at the address of a route (EPCIS 2.0.1, 12.8). */
export function discoveryHeaders({ method, path }: Route): Record<string, string> {
  return {
    ...EPCIS_HEADERS,
    Allow: `OPTIONS, ${method}`,
    'GS1-EPCIS-Min': '2.0.0',
    'GS1-EPCIS-Max': '2.0.1',
    'GS1-CBV-Min': '2.0.0',
    'GS1-CBV-Max': '2.0.0',
    // Events are signed: they come out as they came.
    'GS1-EPC-Format': 'Never_Translates',
    'GS1-CBV-XML-Format': 'Never_Translates',
    ...(path === EPCIS.capture.path && { ...captureHeaders('rollback'), 'GS1-Capture-Error-Behaviour': 'all' }),
  };
}

/** With a document that is over a limit. */
export const LIMIT_HEADERS = { ...LIMITS, 'GS1-EPCIS-Capture-Limit': String(MAX_EVENTS) } as const;

/** GS1's name of a problem, by our code where its status has several. */
export function epcisProblemType(status: number, code: string): string {
  return `epcisException:${exceptionOf(status, code)}`;
}

function exceptionOf(status: number, code: string): string {
  if (status >= 500) return 'ImplementationException';
  switch (status) {
    case 401:
    case 403:
      return 'SecurityException';
    case 404:
      // A unit that the law does not know is no resource of this server.
      return code === 'EVENT_UNKNOWN' || code === 'JOB_UNKNOWN' ? 'NoSuchResourceException' : 'ValidationException';
    case 406:
      return 'NotAcceptableException';
    case 409:
      // Any other conflict is the law's: the event is not valid as things stand.
      return code === 'REPEATED' || code === 'DUPLICATE_EVENT'
        ? 'ResourceAlreadyExistsException'
        : 'ValidationException';
    case 413:
      return 'CaptureLimitExceededException';
    case 414:
      return 'URITooLongException';
    case 415:
      return 'UnsupportedMediaTypeException';
    default:
      return 'ValidationException';
  }
}

/** Returns how the errors of a capture are treated. @throws Problem 400 for another word. */
export function onErrorOf(headers: SentHeaders): OnError {
  const header = headers['gs1-capture-error-behaviour'];
  if (header === undefined || header === 'rollback') return 'rollback';
  if (header === 'proceed') return 'proceed';
  const fix = 'send rollback or proceed';
  throw malformedProblem({ code: 'WORD_UNKNOWN', field: 'GS1-Capture-Error-Behaviour', fix });
}

/** Refuses what a caller asks for and this server does not speak: 406 where it is another version, 400 where it is none. */
export function checkSpoken(headers: SentHeaders): void {
  for (const [field, fits] of VERSIONS) {
    const text = headers[field.toLowerCase()];
    const version = text === undefined ? undefined : versionOf(text);
    if (text === undefined) continue;
    if (!version) throw malformedProblem({ code: 'VERSION_INVALID', field, fix: 'send a version, as 2.0.0' });
    if (!fits(version)) throw notAcceptable(field, 'this server speaks EPCIS 2.0.0 to 2.0.1 and CBV 2.0.0');
  }
  const format = headers['gs1-epc-format'];
  if (format !== undefined && !EPC_FORMATS.includes(format))
    throw malformedProblem({ code: 'WORD_UNKNOWN', field: 'GS1-EPC-Format', fix: `send ${EPC_FORMATS.join(' or ')}` });
  if (format?.startsWith('Always_'))
    throw notAcceptable('GS1-EPC-Format', 'send Never_Translates or No_Preference: events are signed as they are');
  if (!acceptsJson(headers.accept)) throw notAcceptable('Accept', 'accept application/json');
}

const EPC_FORMATS = ['No_Preference', 'Never_Translates', 'Always_GS1_Digital_Link', 'Always_EPC_URN'];

type Version = readonly number[];

const isAtMost = (version: Version, limit: Version) => compareVersions(version, limit) <= 0;
const isAtLeast = (version: Version, limit: Version) => compareVersions(version, limit) >= 0;
// 2.0 is all of its errata.
const isSpoken = ([major, minor = 0, erratum = 0]: Version, errata: number) =>
  major === 2 && minor === 0 && erratum <= errata;

const VERSIONS: readonly (readonly [string, (version: Version) => boolean])[] = [
  ['GS1-EPCIS-Version', (version) => isSpoken(version, 1)],
  ['GS1-CBV-Version', (version) => isSpoken(version, 0)],
  ['GS1-EPCIS-Min', (version) => isAtMost(version, [2, 0, 1])],
  ['GS1-EPCIS-Max', (version) => isAtLeast(version, [2, 0, 0])],
  ['GS1-CBV-Min', (version) => isAtMost(version, [2, 0, 0])],
  ['GS1-CBV-Max', (version) => isAtLeast(version, [2, 0, 0])],
];

const MAX_VERSION_LENGTH = 32;

function versionOf(text: string): Version | undefined {
  const parts = text.trim().split('.');
  return text.length <= MAX_VERSION_LENGTH && parts.every(isDigits) ? parts.map(Number) : undefined;
}

function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const JSON_RANGES = ['*/*', 'application/*', 'application/json', 'application/ld+json', 'application/problem+json'];

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return JSON_RANGES.includes(type) && !parameters.some((part) => part === 'q=0' || part === 'q=0.0');
  });
}

function notAcceptable(field: string, fix: string): Problem {
  return new Problem({ status: 406, code: 'NOT_SPOKEN', title: 'That is not spoken here', field, fix });
}
