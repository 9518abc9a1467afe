import type { z } from 'zod';

/** An HTTP method that routes use. */
type Method = 'GET' | 'POST' | 'OPTIONS';

/** The reasons for which a route refuses with one status. */
export interface ProblemCase {
  readonly status: number;
  /** Codes of the refusal; empty for any code of a parser, with the field and what to send there. */
  readonly codes: readonly string[];
  readonly when: string;
}

/** One HTTP route as data: validation, the mounted controller method, its access and OpenAPI all follow from it. */
export interface Route<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly method: Method;
  /** The path with `{parameter}` segments; the last one may be `{parameter*}`, which matches the rest of the path. */
  readonly path: string;
  readonly summary: string;
  readonly access: RouteAccess;
  /** Path parameters by name, percent-encoded by the caller. */
  readonly params?: Readonly<Record<string, z.ZodType>>;
  /** Request headers that the route reads, by name. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** The schema of the body of a POST, or of the query of a GET. */
  readonly input: Input;
  /**
   * The judge of the input: the schema by default. With `core` a parser judges it, and the schema only describes it.
   */
  readonly judgedBy?: 'schema' | 'core';
  /** Media types that a body may have; JSON by default. A body of another type reaches the method as bytes. */
  readonly bodyMedia?: readonly [string, ...string[]];
  /** Largest body in bytes; the service's own limit by default. */
  readonly maxBytes?: number;
  readonly output: Output;
  /** Status of a success. A redirect names its target in the header Location. */
  readonly success: 200 | 201 | 202 | 204 | 301 | 302 | 303 | 307 | 308;
  /** The schema of the answer 202: the request is stored but not final yet. */
  readonly pending?: z.ZodType;
  /** Headers of a success by name, each with its description. */
  readonly told?: Readonly<Record<string, string>>;
  /** Media type of a success, JSON by default: a file's type, or `text/event-stream` for events. */
  readonly media?: string;
  /** Refusals of this route, beside those that follow from the contract (`problemsOf`). */
  readonly problems?: readonly ProblemCase[];
}

/**
 * The access that a route requires: `operate` writes for the organisation, `read` only reads, `public` needs no token.
 */
export type Access = 'public' | 'read' | 'operate';

/**
 * The access of a route, with the kinds beyond tokens. `open` needs no token, but one that is sent must be known.
 * `member` needs a signed request, `watch` a request at the watch listener of the service (`CUSTOS_WATCH_PORT`),
 * `member or watch` one of both.
 */
export type RouteAccess = Access | 'open' | 'member' | 'watch' | 'member or watch';

/** Returns the contract with its exact type: names of parameters, kind of access, schemas. */
export function route<const Contract extends Route>(contract: Contract): Contract {
  return contract;
}
