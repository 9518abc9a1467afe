import { laneName, LanesClosed, MAX_MESSAGE_BYTES, type LaneMessage, type Lanes } from './lanes.js';

/** The parts that the contract needs of an implementation: clients of one broker, and a network name no one else uses. */
export interface LanesUnderTest {
  client(): Lanes;
  network(): string;
  /** Removes what a lane holds, as retention does; at the latest when the next message is published. */
  forget(lane: string): Promise<void>;
}

const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Collects what a handler gets, and waits for a condition on it; jest's own limit ends a wait that never comes. */
export function collector(): {
  readonly messages: LaneMessage[];
  readonly handler: (batch: readonly LaneMessage[]) => Promise<void>;
  until(done: (messages: readonly LaneMessage[]) => boolean): Promise<void>;
} {
  const messages: LaneMessage[] = [];
  const waiting = new Set<() => void>();
  return {
    messages,
    handler: async (batch) => {
      messages.push(...batch);
      for (const look of [...waiting]) look();
    },
    until: (done) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!done(messages)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/** The behaviour that every implementation of `Lanes` has; run by the twin's spec and by Kafka's. */
export function lanesContract(name: string, make: () => LanesUnderTest): void {
  describe(`lanes contract: ${name}`, () => {
    const clients: Lanes[] = [];
    let under: LanesUnderTest;
    let lane: string;
    let other: string;
    const client = (): Lanes => {
      const lanes = under.client();
      clients.push(lanes);
      return lanes;
    };
    beforeEach(async () => {
      under = make();
      const network = under.network();
      lane = laneName(network, 'tx', '4012345000009');
      other = laneName(network, 'tx', '4023456000006');
      await client().ensure([lane, other].map((each) => ({ lane: each, retentionMs: 3_600_000 })));
    });
    afterEach(async () => {
      await Promise.all(clients.splice(0).map((each) => each.close()));
    });

    test('a reader gets what was published, in order, also what was there before it came', async () => {
      const writer = client();
      await writer.publish(lane, [bytes('a'), bytes('b')]);
      const seen = collector();
      await client().subscribe('tx', [{ lane, from: 'beginning' }], seen.handler);
      await writer.publish(lane, [bytes('c')]);
      await seen.until((messages) => messages.length >= 3);
      expect(seen.messages.map(({ value }) => text(value))).toEqual(['a', 'b', 'c']);
      expect(seen.messages.every((message) => message.lane === lane)).toBe(true);
    });

    test('from end skips what was there, and misses nothing after subscribe has resolved', async () => {
      const writer = client();
      await writer.publish(lane, [bytes('old')]);
      const seen = collector();
      await client().subscribe('tx', [{ lane, from: 'end' }], seen.handler);
      await writer.publish(lane, [bytes('new')]);
      await seen.until((messages) => messages.length >= 1);
      expect(seen.messages.map(({ value }) => text(value))).toEqual(['new']);
    });

    test('a position resumes right behind its message', async () => {
      const writer = client();
      await writer.publish(lane, ['a', 'b', 'c', 'd'].map(bytes));
      const first = collector();
      const subscription = await client().subscribe('tx', [{ lane, from: 'beginning' }], first.handler);
      await first.until((messages) => messages.length >= 4);
      await subscription.close();
      const from = (first.messages[1] as LaneMessage).position;
      const second = collector();
      await client().subscribe('tx', [{ lane, from }], second.handler);
      await second.until((messages) => messages.length >= 2);
      expect(second.messages.map(({ value }) => text(value))).toEqual(['c', 'd']);
    });

    test('a position that the broker does not have yet reads from the beginning', async () => {
      const writer = client();
      await writer.publish(lane, [bytes('a')]);
      const seen = collector();
      await client().subscribe('tx', [{ lane, from: '1000' }], seen.handler);
      await seen.until((messages) => messages.length >= 1);
      expect(text((seen.messages[0] as LaneMessage).value)).toBe('a');
    });

    test('a position that was cut off reads as the end', async () => {
      const writer = client();
      for (const each of ['a', 'b', 'c']) await writer.publish(lane, [bytes(each)]);
      await under.forget(lane);
      await writer.publish(lane, [bytes('d')]);
      const [cut, kept] = [collector(), collector()];
      await client().subscribe('tx', [{ lane, from: '1' }], cut.handler);
      await client().subscribe('tx', [{ lane, from: 'beginning' }], kept.handler);
      await writer.publish(lane, [bytes('e')]);
      await Promise.all([
        cut.until((messages) => messages.length >= 1),
        kept.until((messages) => messages.length >= 2),
      ]);
      expect(cut.messages.map(({ value, position }) => [text(value), position])).toEqual([['e', '5']]);
      expect(kept.messages.map(({ value }) => text(value))).toEqual(['d', 'e']);
    });

    test('what publish has resolved for outlives its writer, and the next writer goes on behind it', async () => {
      const first = client();
      await first.publish(lane, ['a', 'b'].map(bytes));
      await first.close();
      const second = client();
      expect(await second.last(lane)).toMatchObject({ value: bytes('b'), position: '2' });
      await second.publish(lane, [bytes('c')]);
      const seen = collector();
      await client().subscribe('tx', [{ lane, from: 'beginning' }], seen.handler);
      await seen.until((messages) => messages.length >= 3);
      expect(seen.messages.map(({ value, position }) => [text(value), position])).toEqual([
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ]);
    });

    test('a lane that its reader has made is written by its writer', async () => {
      const made = laneName(under.network(), 'final', '4045678000002');
      const [reader, writer] = [client(), client()];
      await Promise.all([reader, writer].map((each) => each.ensure([{ lane: made, retentionMs: -1 }])));
      const seen = collector();
      await reader.subscribe('final', [{ lane: made, from: 'end' }], seen.handler);
      await writer.publish(made, [bytes('a')]);
      await seen.until((messages) => messages.length >= 1);
      expect(seen.messages.map(({ value }) => text(value))).toEqual(['a']);
    });

    test('a batch holds one lane, calls do not overlap, and each lane keeps its order', async () => {
      const writer = client();
      let running = 0;
      let overlapped = false;
      let mixed = false;
      const seen = collector();
      await client().subscribe(
        'tx',
        [lane, other].map((each) => ({ lane: each, from: 'beginning' })),
        async (batch) => {
          overlapped ||= ++running > 1;
          mixed ||= new Set(batch.map((message) => message.lane)).size !== 1;
          await new Promise(setImmediate);
          await seen.handler(batch);
          running--;
        },
      );
      const numbers = Array.from({ length: 200 }, (_, index) => String(index));
      await Promise.all(
        numbers.flatMap((each) => [writer.publish(lane, [bytes(each)]), writer.publish(other, [bytes(each)])]),
      );
      await seen.until((messages) => messages.length >= 400);
      for (const each of [lane, other]) {
        const values = seen.messages.filter((message) => message.lane === each).map(({ value }) => text(value));
        expect(values).toEqual(numbers);
      }
      expect({ overlapped, mixed }).toEqual({ overlapped: false, mixed: false });
    });

    test('a handler that throws gets the same batch again', async () => {
      const writer = client();
      const seen = collector();
      let refusals = 2;
      await client().subscribe('tx', [{ lane, from: 'beginning' }], async (batch) => {
        if (refusals-- > 0) throw new Error('the database is away');
        await seen.handler(batch);
      });
      await writer.publish(lane, [bytes('a'), bytes('b')]);
      await seen.until((messages) => messages.length >= 2);
      expect(seen.messages.map(({ value }) => text(value))).toEqual(['a', 'b']);
    });

    test('two readers of one lane both get everything', async () => {
      const [one, two] = [collector(), collector()];
      await client().subscribe('tx', [{ lane, from: 'end' }], one.handler);
      await client().subscribe('tx', [{ lane, from: 'end' }], two.handler);
      await client().publish(lane, [bytes('a')]);
      await Promise.all([one, two].map((each) => each.until((messages) => messages.length >= 1)));
    });

    test('last is the newest message, and undefined for an empty lane', async () => {
      const lanes = client();
      expect(await lanes.last(lane)).toBeUndefined();
      await lanes.publish(lane, [bytes('a'), bytes('b')]);
      const newest = await lanes.last(lane);
      expect(newest && text(newest.value)).toBe('b');
      const seen = collector();
      await lanes.subscribe('tx', [{ lane, from: (newest as LaneMessage).position }], seen.handler);
      await lanes.publish(lane, [bytes('c')]);
      await seen.until((messages) => messages.length >= 1);
      expect(text((seen.messages[0] as LaneMessage).value)).toBe('c');
    });

    test('a message at the limit passes, one above it is refused at its writer', async () => {
      const writer = client();
      await expect(writer.publish(lane, [new Uint8Array(MAX_MESSAGE_BYTES + 1)])).rejects.toThrow(RangeError);
      const largest = new Uint8Array(MAX_MESSAGE_BYTES).fill(7);
      await writer.publish(lane, [largest, largest, bytes('small')]);
      const seen = collector();
      await client().subscribe('tx', [{ lane, from: 'beginning' }], seen.handler);
      await seen.until((messages) => messages.length >= 3);
      expect(seen.messages.map(({ value }) => value.length)).toEqual([MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES, 5]);
    });

    test('ensure again changes nothing, and an empty message stays one', async () => {
      const lanes = client();
      await lanes.publish(lane, [new Uint8Array(0)]);
      await lanes.ensure([{ lane, retentionMs: -1 }]);
      const newest = await lanes.last(lane);
      expect(newest?.value.length).toBe(0);
    });

    test('a lane that appears later is read when it does, and holds up no other', async () => {
      const lanes = client();
      const late = laneName(under.network(), 'tx', '4034567000003');
      const seen = collector();
      await lanes.subscribe(
        'tx',
        [lane, late].map((each) => ({ lane: each, from: 'beginning' })),
        seen.handler,
      );
      await lanes.publish(lane, [bytes('a')]);
      await seen.until((messages) => messages.length >= 1);
      await lanes.ensure([{ lane: late, retentionMs: 3_600_000 }]);
      await lanes.publish(late, [bytes('b')]);
      await seen.until((messages) => messages.length >= 2);
      expect(seen.messages.map(({ value }) => text(value))).toEqual(['a', 'b']);
    });

    test('nothing comes after close, of a subscription or of the client', async () => {
      const lanes = client();
      const seen = collector();
      const subscription = await lanes.subscribe('tx', [{ lane, from: 'end' }], seen.handler);
      await subscription.close();
      await lanes.publish(lane, [bytes('a')]);
      await lanes.health();
      await lanes.close();
      await expect(lanes.health()).rejects.toThrow();
      await expect(lanes.publish(lane, [bytes('b')])).rejects.toThrow(LanesClosed);
      expect(seen.messages).toEqual([]);
    });
  });
}
