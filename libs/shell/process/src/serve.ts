import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { nestLogger, type Log } from './log.js';
import { problemFilter } from './problem-filter.js';

/** Codes as path parameters, percent-encoded: Fastify's own 100 characters answer 414 to a good link. */
const MAX_PARAMETER = 512;
const BODY_LIMIT = 1_048_576;
/** A client that sends its request slower than this is cut off. */
const REQUEST_MS = 30_000;

export interface ServeOptions {
  readonly module: Type | DynamicModule;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly log: Log;
  /** Bytes of the largest body. */
  readonly bodyLimit?: number;
  /** Touches the server before it listens: content types, hooks. */
  readonly prepare?: (app: NestFastifyApplication) => void;
}

export interface Served {
  readonly port: number;
  /** Takes no new requests, lets running ones end, then runs the module's own shutdown. */
  close(): Promise<void>;
}

/** One HTTP service: Nest on Fastify, every error as a problem. Resolves when it listens. */
export async function serve(options: ServeOptions): Promise<Served> {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PARAMETER },
  });
  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    logger: nestLogger(options.log),
    abortOnError: false,
  });
  app.useGlobalFilters(problemFilter(options.log));
  options.prepare?.(app);
  await app.listen(options.port, options.host);
  const address = app.getHttpServer().address() as { port: number };
  options.log.say('listening', { host: options.host, port: address.port });
  return { port: address.port, close: () => app.close() };
}
