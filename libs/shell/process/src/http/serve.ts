import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Route as Contract } from '@custos/formats-api';
import { limitBodies, readBodies, readOtherBodies } from './bodies.js';
import { guardRoutes, identifyCallers, type DoorOptions } from './door.js';
import { watchMounting } from './mounted.js';
import { clientErrorHandler, frameworkErrors } from './framework-problems.js';
import { gateOf, type Gate } from './gate.js';
import { nestLogger, type Log } from '../watching/log.js';
import type { Metrics } from '../watching/metrics.js';
import { observeRequests } from '../watching/observed.js';
import { MAX_PARAMETER, problemFilter } from './problem-filter.js';
import { quietConnectionsOf } from './quiet-connections.js';
import { DEFAULT_RATES, limitRates } from './rate-limits.js';
import { secureAnswers } from './security-headers.js';
import { DEFAULT_HOST, type ListenAddress } from './serve-address.js';
import { openWatchListener, type WatchListener } from '../watching/watch-listener.js';

const BODY_LIMIT = 1_048_576;
/** A client that sends its request slower than this is cut off. */
const REQUEST_MS = 30_000;

/** The module, the address and the contracts of a service. */
export interface ServeOptions extends ListenAddress, DoorOptions {
  readonly module: Type | DynamicModule;
  readonly log: Log;
  /** Bytes of the largest body of a route whose contract states none. */
  readonly bodyLimit?: number;
  /** Contracts that it documents: nothing else is mounted, and each once. Unstated = not checked. */
  readonly contracts?: readonly Contract[];
  /** Gets what every service counts of its requests. */
  readonly metrics?: Metrics;
  /** Delivers messages to handlers of the module (`@EventPattern`), once `startMicroservices` is called. */
  readonly strategy?: CustomTransportStrategy;
  /** Touches the server before it listens: content types, hooks. */
  readonly prepare?: (app: NestFastifyApplication) => void;
}

/** A service that listens. */
export interface Served {
  readonly port: number;
  /** Port of the watch listener. */
  readonly watchPort: number;
  /** Starts the delivery of messages. Resolves when it has begun: it waits for what it reads from, for ever. */
  startMicroservices(): Promise<void>;
  /** Sends new requests away from this call on, lets running ones end, then ends the delivery of messages. */
  close(): Promise<void>;
}

/** One HTTP service: Nest on Fastify, every error as a problem. Resolves when it listens. */
export async function serve(options: ServeOptions): Promise<Served> {
  const adapter = adapterOf(options);
  const http = adapter.getInstance() as unknown as FastifyInstance;
  const checkMounted = options.contracts ? watchMounting(http, options.contracts) : undefined;
  const gate = await addHooks(http, options);
  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    logger: nestLogger(options.log),
    abortOnError: false,
    bodyParser: false,
  });
  readBodies(http);
  readOtherBodies(http, options.contracts ?? []);
  app.useGlobalFilters(problemFilter(options.log));
  if (options.strategy) app.connectMicroservice({ strategy: options.strategy });
  options.prepare?.(app);
  await app.init();
  const quietConnections = quietConnectionsOf(app.getHttpServer());
  checkMounted?.();
  await app.listen(options.port, options.host);
  const address = app.getHttpServer().address() as { port: number };
  const { watchHost = DEFAULT_HOST } = options;
  const watch = await openWatch(http, watchHost, options).catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  options.log.info('listening', { host: options.host, port: address.port, watchHost, watchPort: watch.port });
  return {
    port: address.port,
    watchPort: watch.port,
    async startMicroservices() {
      await app.startAllMicroservices();
    },
    async close() {
      await gate.shut();
      quietConnections.end();
      await watch.close();
      await app.close();
    },
  };
}

function openWatch(
  http: FastifyInstance,
  host: string,
  { watchPort = 0 }: Pick<ServeOptions, 'watchPort'>,
): Promise<WatchListener> {
  return openWatchListener(http, { host, port: watchPort, requestTimeoutMs: REQUEST_MS });
}

/** Adds what comes before every route, in this order. */
async function addHooks(http: FastifyInstance, options: ServeOptions): Promise<Gate> {
  secureAnswers(http);
  limitBodies(http);
  const gate = gateOf(http);
  options.metrics?.gauge('custos_http_open_requests', gate.open);
  observeRequests(http, options.log, options.metrics);
  identifyCallers(http, options);
  await limitRates(http, { ...DEFAULT_RATES, ...options });
  guardRoutes(http, options);
  return gate;
}

function adapterOf({ bodyLimit = BODY_LIMIT, proxies = [], log }: ServeOptions): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: 'idle',
    // The gate answers, also on connections that outlive the drain: with when to come again.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    trustProxy: proxies.length > 0 && [...proxies],
    frameworkErrors: frameworkErrors(log),
    clientErrorHandler,
  });
}
