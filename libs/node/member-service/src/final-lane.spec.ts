import { NestFactory } from '@nestjs/core';
import type { Follower } from '@custos/node-follower';
import { laneName, MemoryBroker, memoryLanes, type LaneMessage, type LaneStart } from '@custos/shell-lanes';
import { finalLane, FOLLOWER } from './final-lane.js';
import { FinalLaneController } from './final-lane.controller.js';

const LANE = laneName('test', 'final', '4012345000009');

class Service {}

/** A follower that has its rows at a position; `take` is the test's. */
function followerAt(position: LaneStart, take: Follower['take']): Follower {
  return {
    start: async (read) => void (await read(position)),
    take,
    stop: async () => undefined,
    head: () => {
      throw new Error('no block');
    },
    standing: () => {
      throw new Error('no block');
    },
    onBlock: () => () => undefined,
  };
}

test('a batch that the follower rejects is delivered again, from the position where its rows stand', async () => {
  const lanes = memoryLanes(new MemoryBroker());
  await lanes.publish(LANE, [Uint8Array.of(1), Uint8Array.of(2)]);
  const batches: (readonly number[])[] = [];
  let done = (): void => undefined;
  const taken = new Promise<void>((resolve) => (done = resolve));
  const follower = followerAt('1', async (batch: readonly LaneMessage[]) => {
    batches.push(batch.map(({ value }) => value[0]!));
    if (batches.length === 1) throw new Error('Postgres is away');
    done();
  });
  const { strategy, start } = finalLane(follower, lanes, LANE);
  const providers = [{ provide: FOLLOWER, useValue: follower }];
  const app = await NestFactory.createMicroservice(
    { module: Service, controllers: [FinalLaneController], providers },
    { strategy, logger: false },
  );
  start(() => app.listen());
  await taken;
  expect(batches).toEqual([[2], [2]]);
  await app.close();
  await lanes.publish(LANE, [Uint8Array.of(3)]);
  expect(batches).toHaveLength(2);
  await lanes.close();
});
