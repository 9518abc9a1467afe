import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { LaneServer, type LaneContext } from './lane-server.js';
import { collector } from './lanes.contract.js';
import { laneName, type LaneMessage, type Lanes } from './lanes.js';
import { MemoryBroker, memoryLanes } from './memory-lanes.js';

const lane = laneName('test', 'tx', '4012345000009');
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

// Decorators as the functions they are: a spec declares no controllers otherwise.
function application(
  onBatch: (batch: readonly LaneMessage[], context: LaneContext) => Promise<void>,
): new () => object {
  class Reader {
    onTransactions(batch: readonly LaneMessage[], context: LaneContext): Promise<void> {
      return onBatch(batch, context);
    }
  }
  class Application {}
  const method = Object.getOwnPropertyDescriptor(Reader.prototype, 'onTransactions') as PropertyDescriptor;
  Payload()(Reader.prototype, 'onTransactions', 0);
  Ctx()(Reader.prototype, 'onTransactions', 1);
  EventPattern('tx')(Reader.prototype, 'onTransactions', method);
  Controller()(Reader);
  Module({ controllers: [Reader] })(Application);
  return Application;
}

test('a kind of lane is a pattern, a call gets one batch with owner and position, and a throw gets it again', async () => {
  const lanes = memoryLanes(new MemoryBroker());
  const seen = collector();
  const contexts: LaneContext[] = [];
  let refusals = 1;
  const strategy = new LaneServer(lanes, async () => [{ lane, from: 'beginning' }]);
  const app = await NestFactory.createMicroservice(
    application(async (batch, context) => {
      if (refusals-- > 0) throw new Error('the store is away');
      contexts.push(context);
      await seen.handler(batch);
    }),
    { strategy, logger: false },
  );
  await app.listen();
  await lanes.publish(lane, ['a', 'b'].map(bytes));
  await seen.until((messages) => messages.length >= 2);
  expect(seen.messages.map(({ value }) => new TextDecoder().decode(value))).toEqual(['a', 'b']);
  expect(contexts).toEqual([{ lane, owner: '4012345000009', position: '2' }]);
  await app.close();
});

test('a server that is closed while a kind is still being opened delivers nothing of it', async () => {
  const broker = new MemoryBroker();
  const lanes = memoryLanes(broker);
  let answer: () => void = () => undefined;
  const brokerIsThere = new Promise<void>((resolve) => (answer = resolve));
  let closes = 0;
  const slow: Lanes = {
    ...lanes,
    async subscribe(...subscribed) {
      await brokerIsThere;
      const subscription = await lanes.subscribe(...subscribed);
      return {
        close() {
          closes++;
          return subscription.close();
        },
      };
    },
  };
  const strategy = new LaneServer(slow, async () => [{ lane, from: 'beginning' }]);
  strategy.addHandler('tx', async () => undefined, true);
  const listening = new Promise<void>((resolve) => void strategy.listen(() => resolve()));
  await strategy.close();
  answer();
  await listening;
  expect(closes).toBe(1);
});
