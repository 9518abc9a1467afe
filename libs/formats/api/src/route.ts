import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'OPTIONS';

/** The reasons for which a route refuses with one status. */
export interface ProblemCase {
  readonly status: number;
  /** Codes of the refusal; empty = any code of a parser, with the field and what to send there. */
  readonly codes: readonly string[];
  readonly when: string;
}

/** One HTTP route as data: validation, the mounted controller method, its access and OpenAPI all follow from it. */
export interface Route<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly method: Method;
  /** With `{parameter}` segments; the last one may be `{parameter*}`, which takes all that follows. */
  readonly path: string;
  readonly summary: string;
  readonly access: RouteAccess;
  /** Path parameters by name, percent-encoded by the caller. */
  readonly params?: Readonly<Record<string, z.ZodType>>;
  /** Request headers that it reads, by name. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** The body of a POST, the query of a GET. */
  readonly input: Input;
  /** Who judges the input: the schema unless stated; with `core` a parser does, and the schema only describes it. */
  readonly judgedBy?: 'schema' | 'core';
  /** Media types that a body may be written in; JSON unless stated. What is no JSON reaches the method as bytes. */
  readonly bodyMedia?: readonly [string, ...string[]];
  /** Bytes of the largest body; the service's own limit unless stated. */
  readonly maxBytes?: number;
  readonly output: Output;
  /** A redirect names its target in the header Location. */
  readonly success: 200 | 201 | 202 | 204 | 301 | 302 | 303 | 307 | 308;
  /** The body of 202, when what was asked is kept but not final yet. */
  readonly pending?: z.ZodType;
  /** Headers of a success, each with what it says. */
  readonly told?: Readonly<Record<string, string>>;
  /** Media type of a success, JSON unless stated: a file's type, or `text/event-stream` for events. */
  readonly media?: string;
  /** Refusals of its own, beside those that follow from the contract (`problemsOf`). */
  readonly problems?: readonly ProblemCase[];
}

/** `operate` writes for the organisation, `read` only looks; `public` needs no token. */
export type Access = 'public' | 'read' | 'operate';

/**
 * `open` works for anybody, and a token that is sent must be known. `member` needs a signed request, `machine` a caller
 * on the same machine, `member or machine` one of both.
 */
export type RouteAccess = Access | 'open' | 'member' | 'machine' | 'member or machine';

/** Returns the contract with its exact type: names of parameters, kind of access, schemas. */
export function route<const Contract extends Route>(contract: Contract): Contract {
  return contract;
}
