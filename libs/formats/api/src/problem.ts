import { unreachable } from '@custos/core-bytes';
import type { RefusalClass } from '@custos/core-state';
import { z } from 'zod';

/** The schema of a problem document (RFC 9457), with own members: code, field, and what to send instead. */
export const problem = z
  .object({
    type: z.string().describe('urn:custos:problem:<code>'),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    field: z.string().optional().describe('JSON pointer, query parameter or header'),
    fix: z.string().optional(),
    facts: z.json().optional(),
    receipt: z.json().optional().describe('the receipt, when the refusal stands on the chain'),
    height: z.number().int().optional(),
    transaction: z.string().optional(),
  })
  .meta({ id: 'Problem' });

/** Media type of a problem document (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Returns the HTTP status of a class of refusal. This is the only place that maps one to the other. */
export function statusOf(refusal: RefusalClass): number {
  switch (refusal) {
    case 'malformed':
      return 400;
    case 'forbidden':
      return 403;
    case 'unknown':
      return 404;
    case 'conflict':
      return 409;
    case 'unprocessable':
      return 422;
    case 'too-large':
      return 413;
    case 'not-yet':
      return 501;
    default:
      return unreachable(refusal);
  }
}
