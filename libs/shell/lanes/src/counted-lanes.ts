import type { Lanes } from './lanes.js';

/** Counters of what goes over lanes: amounts, never content. */
export interface LaneCounts {
  /** Messages that were handed over, and that are acknowledged or given up. */
  handedOver(messages: number): void;
  ended(messages: number): void;
  published(kind: string, messages: number, bytes: number): void;
  read(kind: string, messages: number, bytes: number): void;
}

/** The same lanes, counted. */
export function countedLanes(lanes: Lanes, counts: LaneCounts): Lanes {
  return {
    ...lanes,
    async publish(lane, values) {
      counts.handedOver(values.length);
      try {
        await lanes.publish(lane, values);
        counts.published(kindOf(lane), values.length, bytesOf(values));
      } finally {
        counts.ended(values.length);
      }
    },
    subscribe: (kind, sources, handler) =>
      lanes.subscribe(kind, sources, async (batch) => {
        await handler(batch);
        counts.read(kind, batch.length, bytesOf(batch.map(({ value }) => value)));
      }),
  };
}

/** `<network>.<kind>.<owner>`. */
function kindOf(lane: string): string {
  return lane.split('.').at(-2) ?? 'none';
}

function bytesOf(values: readonly Uint8Array[]): number {
  return values.reduce((sum, { length }) => sum + length, 0);
}
