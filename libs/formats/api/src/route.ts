import type { z } from 'zod';
import type { ProblemCase } from './problem-cases.js';

export type Method = 'GET' | 'POST' | 'OPTIONS';

/** What one route takes and gives: the one description behind validation, the typed client and OpenAPI. */
export interface Route<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly method: Method;
  /** With `{parameter}` segments; values are percent-encoded by the caller. */
  readonly path: string;
  readonly summary: string;
  readonly access: RouteAccess;
  /** Path parameters by name. */
  readonly params?: Readonly<Record<string, z.ZodType>>;
  /** Request headers that it reads, by name. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** The body of a POST, the query of a GET. */
  readonly input: Input;
  readonly output: Output;
  readonly success: 200 | 201 | 202 | 204;
  /** The body of 202, when what was asked is kept but not final yet. */
  readonly pending?: z.ZodType;
  /** Headers of a success, each with what it says. */
  readonly told?: Readonly<Record<string, string>>;
  /** What a success is written in; JSON unless said. */
  readonly media?: string;
  /** Refusals of its own, beside those that follow from the contract (`problemsOf`). */
  readonly problems?: readonly ProblemCase[];
}

/** `operate` writes for the organisation, `read` only looks; `public` needs no token. */
export type Access = 'public' | 'read' | 'operate';

/** `member` shows a signed request, `machine` is for who is on the same one. */
export type RouteAccess = Access | 'member' | 'machine';

export function route<I extends z.ZodType, O extends z.ZodType>(contract: Route<I, O>): Route<I, O> {
  return contract;
}
