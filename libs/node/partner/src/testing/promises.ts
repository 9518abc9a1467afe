import type { Json } from '@custos/core-bytes';
import { type Receipt, decodeTransaction } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import { MemoryBroker, memoryLanes, type Lanes } from '@custos/shell-lanes';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { DataSource } from 'typeorm';
import { repositoryOptions, type Postgres } from '@custos/shell-postgres';
import type { Clock } from '@custos/shell-process';
import { createPen, type PlannedDraft } from '../capture/drafts.js';
import { genesisDocument, identityIn, MAKER } from './members.js';
import { jobSource, type JobSource } from '../promises/jobs.js';
import type { Settled } from '../promises/outbox.js';
import { JobEntity, OutboxEntity, PARTNER_ENTITIES, SealedEventEntity } from '../promises/own.rows.js';
import { createRelay, type Relay } from '../promises/relay.js';
import { MAX_PENDING } from '../promises/relay-queue.js';
import { createSubmissions, type Submissions } from '../promises/submission.js';
import { createWaiting, type Waiting } from '../promises/waiting.js';

// Outbox and relay of one service on real tables, with a clock that a test moves.

export const START = Date.parse('2026-01-05T08:00:00Z');
const LANE = 'partners.tx.maker';
const { network } = identityIn(genesisDocument(START), MAKER);
export const { networkId } = network.trust;
/** All of a pen but its clock. */
export const PEN = { hasher: nodeHasher, networkId, signer: MAKER.key, verify: nodeVerify };

class ManualClock implements Clock {
  private time = START;
  private readonly timers = new Set<{ readonly run: () => void }>();

  readonly now = (): number => this.time;

  setTimer(_milliseconds: number, run: () => void): () => void {
    const timer = { run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Moves on, and lets every timer run that is set, whatever its time. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = [...this.timers];
    this.timers.clear();
    for (const { run } of due) run();
  }
}

export class PromiseScene {
  readonly clock = new ManualClock();
  readonly broker = new MemoryBroker();
  readonly warnings: string[] = [];
  /** Ids of transactions of the outbox that the service did not sign. */
  readonly alarms: string[] = [];
  /** Timestamp of the last final block. */
  finalTime = START;
  relay!: Relay;
  waiting!: Waiting;
  submissions!: Submissions;

  private constructor(
    readonly postgres: Postgres,
    private readonly source: DataSource,
  ) {}

  get jobs(): JobSource {
    return jobSource(this.source.getRepository(JobEntity), this.source.getRepository(OutboxEntity));
  }

  get sealedEvents() {
    return this.source.getRepository(SealedEventEntity);
  }

  static async open(postgres: Postgres, ports?: { readonly postgres?: Postgres; readonly lanes?: Lanes }) {
    const source = new DataSource(repositoryOptions(postgres, PARTNER_ENTITIES));
    const scene = new PromiseScene(postgres, await source.initialize());
    await scene.start(ports);
    return scene;
  }

  /** A process begins, on what an earlier one left. */
  async start(ports: { readonly postgres?: Postgres; readonly lanes?: Lanes } = {}): Promise<void> {
    const { clock } = this;
    const { postgres = this.postgres, lanes = memoryLanes(this.broker) } = ports;
    const pen = createPen({ ...PEN, now: clock.now });
    this.waiting = createWaiting();
    this.relay = createRelay({
      ...{ postgres, lanes, lane: LANE, pen, clock, outboxLimit: MAX_PENDING },
      finalTime: () => this.finalTime,
      log: {
        info: () => undefined,
        warn: (event) => void this.warnings.push(event),
        error: (_event, facts) => void this.alarms.push(String(facts?.['txId'])),
      },
    });
    this.submissions = createSubmissions({
      ...{ postgres, jobs: this.jobs, relay: this.relay, waiting: this.waiting, pen, now: clock.now },
    });
    await this.relay.start();
  }

  /** As SIGKILL: nothing of the process runs any more, the outbox stays. */
  async stop(): Promise<void> {
    this.waiting.close();
    await this.relay.stop();
  }

  /** Ids on the lane, in the order in which they were published. */
  published(): readonly Digest[] {
    return this.broker.log(LANE).values.map((bytes) => {
      const transaction = decodeTransaction(nodeHasher, networkId, bytes);
      if (!transaction.ok) throw new Error(JSON.stringify(transaction.malformed));
      return transaction.value.id;
    });
  }
}

let drafted = 0;
/** A draft that no other one is like. */
export function draftOf(note: Json = ++drafted): PlannedDraft {
  const eventID = `urn:x:${++drafted}`;
  return { draft: { kind: 1, parts: [{ onError: 'rollback' }, { eventID, note }] }, events: [{ at: '', eventID }] };
}

export function settledOf(txId: Digest, height = 5, note = ''): Settled {
  const receipt: Receipt = { txId, eventIndex: 0, outcome: 'accepted', warnings: [], changes: [] };
  return { txId, height, blockTime: START + height, receipts: [receipt], inclusion: { note } };
}
