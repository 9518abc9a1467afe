import { randomBytes } from 'node:crypto';
import type { EachBatchPayload } from 'kafkajs';
import { keepTrying, pause, type Closing, type TroubleLog } from './backoff.js';
import { isCompressedBatch, isMissingLane, type CuttableClient } from './kafka-client.js';
import type { LaneHandler, LaneMessage } from './lanes.js';

/**
 * Longest wait of an open fetch. It wakes at once for a message, and closing cuts it; what it costs is paid at rest: at
 * 500 ms broker and processes of the demo burn 17 % of a core, at this 9 %.
 */
const FETCH_MS = 5_000;
/**
 * Between a batch and the next fetch. A fetch costs reader and broker half a millisecond of processor each, and votes
 * of several validators come within a few: so what arrives in the meantime is fetched together.
 */
const GATHER_MS = 2;
/** A fetch takes the largest message of a lane, and this much of all lanes together. */
const LANE_BYTES = 1_048_576;
const FETCH_BYTES = 16 * LANE_BYTES;
/** A member that is silent for so long is out; a handler may take longer, since it sends signs of life meanwhile. */
const SESSION_MS = 30_000;
const HEARTBEAT_MS = 3_000;
/** A consumer that crashed is replaced after this pause, so one that crashes at once does not spin. */
const REOPEN_MS = 250;

/** The next offset of each lane of a subscription; moved on when a handler has returned. */
export type Cursors = Map<string, string>;

/** The lanes of a reader, and where its messages go. */
export interface ReaderOptions {
  /** A client of its own for each consumer. */
  readonly client: () => CuttableClient;
  readonly name: string;
  readonly lanes: readonly string[];
  readonly cursors: Cursors;
  readonly handler: LaneHandler;
  readonly closing: Closing;
  readonly log: TroubleLog;
}

/** Why a reader ended: it was closed, a lane carries what we refuse to read, or the broker has a lane no more. */
export type ReaderEnd = 'closed' | 'refused' | 'missing';

/** A consumer of some lanes that opens itself again. */
export interface Reader {
  /** Resolves when it is over: closed, or a lane carried what we refuse to read. */
  readonly ended: Promise<ReaderEnd>;
  close(): Promise<void>;
}

/**
 * Reads lanes by one consumer after another: when one crashes the next takes over behind the last message that was
 * handled. Resolves when the first of them reads.
 */
export async function openReader(options: ReaderOptions): Promise<Reader> {
  const { closing, log, name } = options;
  const stopped = new AbortController();
  const either: Closing = { signal: AbortSignal.any([closing.signal, stopped.signal]), error: () => closing.error() };
  const start = async (): Promise<Running> => {
    const running = await keepTrying(`read ${name}`, () => join(options), either, log, isOver);
    if (!either.signal.aborted) return running;
    // Closed while it joined: no one else knows this consumer.
    await running.close();
    throw either.error();
  };
  let current = await start();
  const follow = async (): Promise<ReaderEnd> => {
    while (true) {
      const error = await current.crashed;
      if (either.signal.aborted) return 'closed';
      if (isOver(error)) return endOf(error);
      log(`read ${name}: ${error.message}; opening it again`);
      await pause(REOPEN_MS, either.signal);
      current = await start();
    }
  };
  const ended = follow().catch(endOf);
  return {
    ended,
    async close() {
      stopped.abort();
      await current.close();
      await ended;
    },
  };
}

/** Returns whether an error stays with any other consumer of the same lanes. */
function isOver(error: unknown): boolean {
  return isCompressedBatch(error) || isMissingLane(error);
}

function endOf(error: unknown): ReaderEnd {
  return isCompressedBatch(error) ? 'refused' : isMissingLane(error) ? 'missing' : 'closed';
}

interface Running {
  readonly crashed: Promise<Error>;
  close(): Promise<void>;
}

/** Joins a group of its own and seeks; throws when the broker does not let it in. */
async function join(options: ReaderOptions): Promise<Running> {
  const { name, lanes, cursors } = options;
  const { kafka, cut } = options.client();
  const consumer = kafka.consumer({
    // Nothing is kept in a group, and rejoining the one of a killed process waits for its session to end.
    groupId: `${name}.${randomBytes(8).toString('hex')}`,
    minBytes: 1,
    maxWaitTimeInMs: FETCH_MS,
    maxBytesPerPartition: LANE_BYTES,
    maxBytes: FETCH_BYTES,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
  });
  let over: (error: Error) => void = () => undefined;
  const crashed = new Promise<Error>((resolve) => (over = resolve));
  const close = async (): Promise<void> => {
    const disconnected = consumer.disconnect().catch(() => undefined);
    cut();
    await disconnected;
    over(new Error('closed'));
  };
  consumer.on('consumer.crash', ({ payload }) => over(payload.error));
  const joined = new Promise<void>((resolve) => {
    // Here and nowhere else: before `run` there is no group to seek in, and every later join forgets the offsets.
    consumer.on('consumer.group_join', () => {
      for (const topic of lanes) consumer.seek({ topic, partition: 0, offset: cursors.get(topic) ?? '0' });
      resolve();
    });
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...lanes], fromBeginning: true });
    // No commits: they cost 6 ms a batch, and a position lives with the effects of its message.
    await consumer.run({
      autoCommit: false,
      // All lanes of one answer gather at the same time; their handlers still come one after another.
      partitionsConsumedConcurrently: lanes.length,
      eachBatch: (payload) => deliver(payload, options),
    });
    // `run` also resolves when it could not join.
    await Promise.race([
      joined,
      crashed.then((error) => {
        throw error;
      }),
    ]);
    return { crashed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function deliver(payload: EachBatchPayload, options: ReaderOptions): Promise<void> {
  const { batch, heartbeat } = payload;
  const messages: LaneMessage[] = [];
  for (const { value, offset } of batch.messages) {
    // A copy: a view would keep the whole answer of the broker in memory. A stranger's empty record says nothing.
    if (value !== null)
      messages.push({ lane: batch.topic, value: new Uint8Array(value), position: String(BigInt(offset) + 1n) });
  }
  const alive = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
  try {
    if (messages.length > 0) await options.handler(messages);
  } finally {
    clearInterval(alive);
  }
  options.cursors.set(batch.topic, String(BigInt(batch.lastOffset()) + 1n));
  await pause(GATHER_MS, options.closing.signal);
}
