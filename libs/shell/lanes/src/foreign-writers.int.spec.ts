import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { kafkaLanes } from './kafka-lanes.js';
import { collector } from './lanes.contract.js';
import { laneName, type Lanes } from './lanes.js';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
const brokers = [process.env['CUSTOS_KAFKA'] as string];
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);

/** Somebody who uses Kafka in a way that we do not. */
async function stranger(topic: string, value: Buffer | null, made: boolean): Promise<void> {
  const kafka = new Kafka({ brokers, clientId: 'stranger', logLevel: logLevel.NOTHING });
  const refusing = CompressionCodecs[CompressionTypes.GZIP];
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    ...refusing(),
    compress: async ({ buffer }: { buffer: Buffer }) => gzipSync(buffer),
  });
  const admin = kafka.admin();
  const producer = kafka.producer();
  try {
    await admin.connect();
    if (!made) await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    await producer.connect();
    await producer.send({ topic, compression: CompressionTypes.GZIP, messages: [{ value }] });
  } finally {
    CompressionCodecs[CompressionTypes.GZIP] = refusing;
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

/** On a machine without Kafka these are skipped, and counted. */
const withKafka = process.env['CUSTOS_KAFKA'] === undefined ? describe.skip : describe;

withKafka('what strangers write', () => {
  const network = `strangers-${randomBytes(4).toString('hex')}`;
  const good = laneName(network, 'tx', '4012345000009');
  const bad = laneName(network, 'tx', '4023456000006');
  let sayRefused: (line: string) => void = () => undefined;
  const refused = new Promise<string>((resolve) => (sayRefused = resolve));
  let lanes: Lanes;
  beforeAll(() => {
    const log = (line: string): void => (line.includes('compressed') ? sayRefused(line) : undefined);
    lanes = kafkaLanes({ brokers, clientId: 'reader', log });
  });
  afterAll(() => lanes.close());

  test('a compressed batch is not inflated, and stops the lane of its writer only', async () => {
    await lanes.ensure([{ lane: good, retentionMs: -1 }]);
    await stranger(bad, Buffer.alloc(500_000), false);
    const seen = collector();
    const sources = [bad, good].map((lane) => ({ lane, from: 'beginning' }));
    const subscription = await lanes.subscribe('tx', sources, seen.handler);
    expect(await refused).toContain(bad);
    await lanes.publish(good, [bytes('a')]);
    await seen.until((messages) => messages.length >= 1);
    expect(seen.messages.map(({ lane, value }) => [lane, text(value)])).toEqual([[good, 'a']]);
    await subscription.close();
  });

  test('in a lane of ours the broker has inflated it already, and a record without a value is passed over', async () => {
    await stranger(good, null, true);
    await stranger(good, Buffer.from('from a stranger'), true);
    const seen = collector();
    const subscription = await lanes.subscribe('tx', [{ lane: good, from: 'beginning' }], seen.handler);
    await seen.until((messages) => messages.length >= 2);
    expect(seen.messages.map(({ value }) => text(value))).toEqual(['a', 'from a stranger']);
    await subscription.close();
  });
});
