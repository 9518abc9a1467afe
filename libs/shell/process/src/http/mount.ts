import { createParamDecorator, Header, HttpCode, RequestMapping, RequestMethod, Sse } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Route as Contract } from '@custos/formats-api';
import { askedFrom, type Asked } from './asked.js';
import { InputPipe } from './input.pipe.js';

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

/** `/things/{thing}` as `/things/:thing`; Fastify calls what a wildcard takes `*`. */
function nestPath(path: string): string {
  const parts = path.split('/').map((part) => {
    if (!part.startsWith('{')) return part;
    return part.endsWith('*}') ? '*' : `:${part.slice(1, -1)}`;
  });
  return parts.join('/');
}
