import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { laneOwner, type LaneMessage, type Lanes, type LaneSource, type LaneSubscription } from './lanes.js';

/** The context of a batch. */
export interface LaneContext {
  readonly lane: string;
  /** Whose lane it is, as its name says; who signed a message is for the reader to check. */
  readonly owner: string;
  /** The position to read on from once the whole batch has had its effects; save it in the same write. */
  readonly position: string;
}

/** Says which lanes of a kind are read, and from where; asked when that kind is opened. */
export type LaneSources = (kind: string) => Promise<readonly LaneSource[]>;

/**
 * Lanes as a transport of Nest: `@EventPattern('tx')` reads the lanes of that kind, each call gets
 * `(batch: readonly LaneMessage[], context: LaneContext)` with one batch of one lane, and a handler that throws gets it
 * again. The lanes stay the caller's to close.
 */
export class LaneServer extends Server implements CustomTransportStrategy {
  private readonly subscriptions = new Set<LaneSubscription>();
  private isClosed = false;

  constructor(
    private readonly lanes: Lanes,
    private readonly sources: LaneSources,
  ) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await Promise.all([...this.messageHandlers.keys()].map((kind) => this.open(kind)));
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.subscriptions].map((each) => each.close()));
    this.subscriptions.clear();
  }

  override on(): never {
    throw new Error('lanes emit no events');
  }

  override unwrap<T>(): T {
    return this.lanes as T;
  }

  private async open(kind: string): Promise<void> {
    const handler = this.getHandlerByPattern(kind);
    if (handler === null) throw new Error(`no handler for lanes of kind ${kind}`);
    const deliver = (batch: readonly LaneMessage[]): Promise<void> => call(handler, batch);
    const subscription = await this.lanes.subscribe(kind, await this.sources(kind), deliver);
    this.subscriptions.add(subscription);
    // Closed while the broker was away.
    if (this.isClosed) await this.close();
  }
}

async function call(handler: MessageHandler, batch: readonly LaneMessage[]): Promise<void> {
  const { lane, position } = batch.at(-1) as LaneMessage;
  const context: LaneContext = { lane, owner: laneOwner(lane), position };
  const result: unknown = await handler(batch, context);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
