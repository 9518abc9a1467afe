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

/** Says which lanes of a kind are read, and from where; asked again whenever that kind is opened. */
export type LaneSources = (kind: string) => Promise<readonly LaneSource[]>;

/**
 * Lanes as a transport of Nest: `@EventPattern('tx')` reads the lanes of that kind, each call gets
 * `(batch: readonly LaneMessage[], context: LaneContext)` with one batch of one lane, and a handler that throws gets it
 * again. The lanes stay the caller's to close.
 */
export class LaneServer extends Server implements CustomTransportStrategy {
  private readonly subscriptions = new Map<string, LaneSubscription>();

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

  /** Replaces the consumer of a kind: the parties have changed. */
  async renew(kind: string): Promise<void> {
    await this.subscriptions.get(kind)?.close();
    await this.open(kind);
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions.values()].map((each) => each.close()));
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
    this.subscriptions.set(kind, await this.lanes.subscribe(kind, await this.sources(kind), deliver));
  }
}

async function call(handler: MessageHandler, batch: readonly LaneMessage[]): Promise<void> {
  const { lane, position } = batch.at(-1) as LaneMessage;
  const context: LaneContext = { lane, owner: laneOwner(lane), position };
  const result: unknown = await handler(batch, context);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
