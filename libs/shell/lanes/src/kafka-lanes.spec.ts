import { createServer, type AddressInfo } from 'node:net';
import { kafkaLanes } from './kafka-lanes.js';
import { LanesClosed, LanesFull, MAX_MESSAGE_BYTES } from './lanes.js';

/** A port where no one listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('an absent broker: publish waits, is full at its limit, and ends with close', async () => {
  const log: string[] = [];
  const lanes = kafkaLanes({
    brokers: [`127.0.0.1:${await deadPort()}`],
    clientId: 'alone',
    log: (line) => void log.push(line),
  });
  const megabyte = new Uint8Array(MAX_MESSAGE_BYTES);
  const waiting = lanes.publish(
    'n.tx.1',
    Array.from({ length: 67 }, () => megabyte),
  );
  await expect(lanes.publish('n.tx.2', [megabyte])).rejects.toThrow(LanesFull);
  const reading = lanes.subscribe('tx', [{ lane: 'n.tx.1', from: 'end' }], async () => undefined);
  await expect(lanes.health()).rejects.toThrow();
  const ends = [expect(waiting).rejects.toThrow(LanesClosed), expect(reading).rejects.toThrow(LanesClosed)];
  await lanes.close();
  await Promise.all(ends);
  await expect(lanes.publish('n.tx.1', [megabyte])).rejects.toThrow(LanesClosed);
});
