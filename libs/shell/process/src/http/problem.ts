/** RFC 9457 with the house's members: which rule, which field, what to send instead. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
  readonly fix?: string;
  readonly [member: string]: unknown;
}

/** The media type of a problem (RFC 9457, 3). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A "no" of a service on its way out of a controller. `headers` go along, such as Retry-After. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly details: ProblemDetails;

  constructor(
    details: Omit<ProblemDetails, 'type' | 'status' | 'title' | 'code'> & {
      readonly status: number;
      readonly title: string;
      readonly code: string;
      readonly type?: string;
    },
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${details.code}: ${details.title}`);
    this.details = { type: `urn:custos:problem:${details.code}`, ...details };
  }
}

/** Returns the problem of input that does not parse: its place, and what to send there. */
export function malformedProblem(malformed: {
  readonly code: string;
  readonly field: string;
  readonly fix: string;
}): Problem {
  return new Problem({ status: 400, title: 'The request is malformed', ...malformed });
}
