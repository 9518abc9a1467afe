import { inspectBroker, MAX_MESSAGE_BYTES, type BrokerFacts, type LaneFacts } from '@custos/shell-lanes';
import { note, ok, wordsOf, wrong, type Finding } from './finding.js';

/** What a broker takes by default: the largest message of a lane and its framing fit. */
const LEAST_BATCH_BYTES = 1_048_588;
/** A hop this slow makes finality a matter of seconds. */
const SLOW_MS = 100;
const HOUR_MS = 3_600_000;

/** The least retention that readers rely on, by kind; -1 keeps for ever (ARCHITECTURE, Lanes). */
const RETENTION_MS: Readonly<Record<string, number>> = {
  votes: 48 * HOUR_MS,
  proposals: 48 * HOUR_MS,
  tx: 7 * 24 * HOUR_MS,
  final: -1,
};

export async function checkBroker(address: string, network: string): Promise<readonly Finding[]> {
  try {
    return judgeBroker(address, await inspectBroker(address.split(','), `${network}.`));
  } catch (error) {
    const fix = 'start it, or set CUSTOS_KAFKA (or --kafka) to host:port where it listens and is advertised';
    return [wrong('kafka', `${address} cannot be asked: ${wordsOf(error)}`, fix)];
  }
}

export function judgeBroker(address: string, facts: BrokerFacts): readonly Finding[] {
  const { latencyMs, messageMaxBytes, autoCreates, lanes } = facts;
  const latency = `${address} answers in ${latencyMs.toFixed(1)} ms`;
  const found: Finding[] = [
    latencyMs > SLOW_MS
      ? note('kafka', latency, 'finality takes several hops: move broker and members together')
      : ok('kafka', latency),
  ];
  if (messageMaxBytes < LEAST_BATCH_BYTES)
    found.push(
      wrong(
        'kafka',
        `message.max.bytes is ${messageMaxBytes}: blocks of up to ${MAX_MESSAGE_BYTES} bytes would never arrive`,
        `set message.max.bytes=${LEAST_BATCH_BYTES} (the default) or more on every broker`,
      ),
    );
  else found.push(ok('kafka', `message.max.bytes ${messageMaxBytes}`));
  if (autoCreates)
    found.push(
      note(
        'kafka',
        'auto.create.topics.enable is on: a reader could make a lane with settings of the broker',
        'set auto.create.topics.enable=false',
      ),
    );
  const faults = lanes.flatMap(judgeLane);
  found.push(...faults);
  if (lanes.length > 0 && faults.length === 0)
    found.push(ok('kafka', `${lanes.length} lanes are set as they should be`));
  return found;
}

function judgeLane({ lane, partitions, retentionMs, maxMessageBytes, cleanup }: LaneFacts): readonly Finding[] {
  const found: Finding[] = [];
  const alter = (setting: string): string =>
    `kafka-configs.sh --bootstrap-server HOST:PORT --alter --topic ${lane} --add-config ${setting}`;
  if (partitions !== 1)
    found.push(
      wrong(
        'kafka',
        `${lane} has ${partitions} partitions: its messages have no order`,
        `stop its writer, delete the topic ${lane}, start the writer: it makes it with one; what is missing is pulled`,
      ),
    );
  if (maxMessageBytes < LEAST_BATCH_BYTES)
    found.push(
      wrong('kafka', `${lane} takes ${maxMessageBytes} bytes at most`, alter(`max.message.bytes=${LEAST_BATCH_BYTES}`)),
    );
  if (cleanup !== 'delete')
    found.push(
      wrong(
        'kafka',
        `${lane} is cleaned by "${cleanup}": messages without a key are lost`,
        alter('cleanup.policy=delete'),
      ),
    );
  const least = RETENTION_MS[lane.split('.').at(-2)!];
  const isShort = least !== undefined && retentionMs !== -1 && (least === -1 || retentionMs < least);
  if (isShort)
    found.push(
      note('kafka', `${lane} keeps ${retentionMs} ms: who is away for longer pulls`, alter(`retention.ms=${least}`)),
    );
  return found;
}
