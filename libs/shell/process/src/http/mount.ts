import { createParamDecorator, Header, HttpCode, RequestMapping, RequestMethod, Sse } from '@nestjs/common';
import type { ExecutionContext, Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, InputOf, Route as Contract } from '@custos/formats-api';
import { InputPipe } from './input.pipe.js';

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

const EVENT_STREAM = 'text/event-stream';

/**
 * Mounts a controller method at a contract: path, method, status, media type, access, limits and the parsing of its
 * only argument follow from it. The method returns the body; of an event stream, an observable.
 */
export function Route<C extends Contract>(contract: C) {
  const path = nestPath(contract.path);
  const decorators = [
    contract.media === EVENT_STREAM ? Sse(path) : RequestMapping({ path, method: RequestMethod[contract.method] }),
    HttpCode(contract.success),
    RouteConfig({ contract }),
    ...(contract.media === undefined ? [] : [Header('content-type', contract.media)]),
  ];
  const asked = createParamDecorator(askedFrom)(contract, new InputPipe(contract));
  return <Method extends (asked: Asked<C>) => unknown>(
    controller: object,
    name: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    for (const decorate of decorators) decorate(controller, name, descriptor);
    asked(controller, name, 0);
  };
}

/** Adds a method to a controller and mounts it, for routes that a table lists. */
export function mountAt<C extends Contract, Self extends object>(
  controller: Type<Self>,
  contract: C,
  method: (this: Self, asked: Asked<C>) => unknown,
): void {
  const prototype = controller.prototype as object;
  const descriptor = { value: method, configurable: true, writable: true };
  Object.defineProperty(prototype, contract.name, descriptor);
  Route(contract)(prototype, contract.name, descriptor);
}

const WILDCARD = '*}';

/** `/things/{thing}` as `/things/:thing`; Fastify calls what a wildcard takes `*`. */
function nestPath(path: string): string {
  const parts = path.split('/').map((part) => {
    if (!part.startsWith('{')) return part;
    return part.endsWith(WILDCARD) ? '*' : `:${part.slice(1, -1)}`;
  });
  return parts.join('/');
}

function askedFrom(contract: Contract, context: ExecutionContext): Asked {
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
