import type { ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, InputOf, Route as Contract } from '@custos/formats-api';

/** Request headers as they were sent, names in lower case. */
export type SentHeaders = Readonly<Record<string, string | undefined>>;

type CallerOf<C extends Contract> = C['access'] extends 'read' | 'operate' ? Caller : Caller | undefined;
type Sent<C extends Contract> = C['method'] extends 'POST' ? unknown : Readonly<Record<string, unknown>>;
type ParamName<C extends Contract> = Extract<keyof NonNullable<C['params']>, string>;

/** One request of a route, as its controller method gets it. */
export interface Asked<C extends Contract = Contract> {
  /** Body of a POST, query of a GET: parsed, or as it was sent where the core judges it. */
  readonly input: C extends { readonly judgedBy: 'core' } ? Sent<C> : InputOf<C['input']>;
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<ParamName<C>, string>>;
  readonly headers: SentHeaders;
  readonly caller: CallerOf<C>;
  readonly request: FastifyRequest;
  /** For a status or headers beside those of the contract; the body is what the method returns. */
  readonly reply: FastifyReply;
}

/** The end of a path whose last parameter takes all that follows. */
const WILDCARD = '*}';

/** Returns the request of a route, its input as it was sent. */
export function askedFrom(contract: Contract, context: ExecutionContext): Asked {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const sent = request.params as Record<string, string>;
  const params = contract.path.endsWith(WILDCARD) ? { ...sent, [wildcardOf(contract)]: sent['*']! } : sent;
  return {
    input: contract.method === 'POST' ? request.body : request.query,
    params,
    headers: request.headers as SentHeaders,
    caller: request.caller,
    request,
    reply: http.getResponse<FastifyReply>(),
  };
}

function wildcardOf({ path }: Contract): string {
  return path.slice(path.lastIndexOf('{') + 1, -WILDCARD.length);
}
