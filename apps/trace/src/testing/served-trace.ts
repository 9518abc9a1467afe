import { setTimeout as pause } from 'node:timers/promises';
import { toHex, utf8 } from '@custos/core-bytes';
import { callerBook } from '@custos/formats-api';
import type { AskLeaves } from '@custos/node-epcis-repository';
import { memoryLanes } from '@custos/shell-lanes';
import { nodeHasher } from '@custos/shell-node-crypto';
import { freshDatabase, type FreshDatabase } from '@custos/shell-postgres/testing';
import { openLog } from '@custos/shell-process';
import { TRACE_MIGRATIONS } from '../parts.js';
import { AUTHORITY, MAKER, ProvingChain, TRADER } from './proving-chain.js';
import { startTrace, type Trace } from '../start-trace.js';

/** Between two looks at whether the service follows. */
const POLL_MS = 10;

export const STRANGER = '4056789000003';
export const LOT = 'L1';

/** A trace service on tables of its own, over two blocks: a product, and two packs of a lot. */
export class ServedTrace {
  readonly chain = new ProvingChain();
  readonly genuine: AskLeaves = async (keys) => this.chain.leaves(keys);
  askLeaves = this.genuine;
  private trace!: Trace;
  private database!: FreshDatabase;

  /** Address of its database. */
  get url(): string {
    return this.database.url;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.trace.port}`;
  }

  async start(): Promise<void> {
    this.database = await freshDatabase('trace_spec', TRACE_MIGRATIONS);
    await this.chain.make(['A', 'B'], LOT, '2028-06-30');
    const callers = [MAKER, TRADER, AUTHORITY, STRANGER].map((party) => {
      const hash = toHex(nodeHasher.digest(utf8(tokenOf(party))));
      return { name: party, access: 'read', party, hash } as const;
    });
    const parts = {
      network: this.chain.network,
      postgres: this.database.postgres,
      lanes: memoryLanes(),
      pull: async (from: number) => this.chain.messagesFrom(from),
      askLeaves: (keys: readonly string[]) => this.askLeaves(keys),
      callerOf: callerBook(nodeHasher, callers),
      log: openLog('trace', 'silent'),
    };
    this.trace = await startTrace(parts, {
      ...{ host: '127.0.0.1', port: 0, validatorName: AUTHORITY },
      // Tests ask more than an address without a token may.
      rateExempt: ['127.0.0.1'],
    });
    while (!this.trace.isFollowing()) await pause(POLL_MS);
  }

  async stop(): Promise<void> {
    await this.trace.close();
    await this.database.drop();
  }

  /** Sends a GET request as the party that has this GLN, or without a token. */
  get(path: string, as?: string, headers: Record<string, string> = {}) {
    const authorization: Record<string, string> = as === undefined ? {} : { authorization: `Bearer ${tokenOf(as)}` };
    return this.exchange(this.origin + path, { ...authorization, ...headers });
  }

  /** Sends a GET request to the watch listener. */
  watch(path: string) {
    return this.exchange(`http://127.0.0.1:${this.trace.watchPort}${path}`, {});
  }

  private async exchange(url: string, headers: Record<string, string>) {
    const response = await fetch(url, { headers });
    const text = await response.text();
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    return { status: response.status, type, body: type.includes('json') ? JSON.parse(text) : text };
  }
}

export const tokenOf = (gln: string): string => `token-of-${gln}`;
