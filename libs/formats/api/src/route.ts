import type { z } from 'zod';

export type Method = 'GET' | 'POST';

/**
 * What one route takes and gives: the one description behind validation, the typed client and OpenAPI.
 * `access` says who may call it; `errors` lists the problem codes it answers beside those of its class.
 */
export interface Route<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly method: Method;
  /** With `{parameter}` segments; values are percent-encoded by the caller. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  /** The body of a POST, the query of a GET. */
  readonly input: Input;
  readonly output: Output;
  readonly success: 200 | 201 | 202;
}

/** `operate` writes for the organisation, `read` only looks; `public` needs no token. */
export type Access = 'public' | 'read' | 'operate';

export function route<I extends z.ZodType, O extends z.ZodType>(contract: Route<I, O>): Route<I, O> {
  return contract;
}
