import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import kafkajs, { type ISocketFactory, type Kafka } from 'kafkajs';

// The library's only importer, so that what follows is always in place before it runs.

/**
 * kafkajs looks at an empty queue on a zero timer for as long as a connection lives: 4-5 % of a core in every idle
 * process (its issue 1751). There is nothing to look for when nothing waits and nothing is throttled.
 */
interface RequestQueue {
  readonly throttledUntil: number;
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}
const { prototype: queue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  prototype: RequestQueue;
};
const scheduleCheck = queue.scheduleCheckPendingRequests;
queue.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) scheduleCheck.call(this);
};

/** A batch that somebody compressed: inflating it would happen before any limit on its size, so no one does. */
class CompressedBatch extends Error {
  override readonly name = 'CompressedBatch';
  /** kafkajs asks this before it tries again. */
  readonly retriable = false;
}

const refuse = (): never => {
  throw new CompressedBatch('a lane carries a compressed batch');
};
const { CompressionCodecs, CompressionTypes, logLevel } = kafkajs;
const { GZIP, Snappy, LZ4, ZSTD } = CompressionTypes;
for (const kind of [GZIP, Snappy, LZ4, ZSTD] as const)
  CompressionCodecs[kind] = () => ({ compress: refuse, decompress: refuse });

/** Milliseconds of silence before TCP asks whether the broker lives, as in the library's own connections. */
const KEEP_ALIVE_MS = 60_000;

/** Tries that the library makes before our own loop, which can be closed, takes over. */
const RETRY = {
  initialRetryTime: 50,
  maxRetryTime: 1_000,
  retries: 5,
  // A consumer that crashed is replaced by one in a fresh group: rejoining the old one can wait for 28 s.
  restartOnFailure: async () => false,
};

/** A client whose connections can be cut. */
export interface CuttableClient {
  readonly kafka: Kafka;
  /** Breaks every connection that it has now, so that an open fetch ends at once; it connects again when it is used. */
  cut(): void;
}

/** Creates a client of the brokers whose connections can be cut; it connects when it is used. */
export function cuttableClient(brokers: readonly string[], clientId: string): CuttableClient {
  const sockets = new Set<Socket>();
  const kafka = kafkaClient(brokers, clientId, ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket.setKeepAlive(true, KEEP_ALIVE_MS);
  });
  // With an error: the library does not notice that a socket was closed on this side.
  return { kafka, cut: () => sockets.forEach((socket) => socket.destroy(new Error('cut'))) };
}

/** Creates a client of the brokers; it connects when it is used. */
export function kafkaClient(brokers: readonly string[], clientId: string, socketFactory?: ISocketFactory): Kafka {
  // It asks for this by the environment only; every message here names its partition.
  process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';
  return new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: RETRY,
    ...(socketFactory && { socketFactory }),
    // What matters of its many words reaches our log through the errors it throws.
    logLevel: logLevel.NOTHING,
  });
}

/** True when an error, or what caused it, says that a batch was compressed. */
export function isCompressedBatch(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (each.name === 'CompressedBatch') return true;
  return false;
}

/** True when the broker has no such lane: it was never made, or the broker lost its log. */
export function isMissingLane(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause)
    if ((each as { type?: unknown }).type === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
  return false;
}

/** True when the broker will never take this: a lane's name that Kafka does not allow. */
export function isForbiddenName(error: unknown): boolean {
  return /INVALID_TOPIC|invalid topic/i.test(String((error as { type?: unknown })?.type ?? error));
}
