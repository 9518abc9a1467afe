import { decodeBlock, genesisOf, parseAnswer, type Genesis } from '@custos/core-chain';
import type { Postgres } from '@custos/shell-postgres';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { askerOf, type Asker } from '@custos/core-access';
import type { Json } from '@custos/core-bytes';
import {
  answerBlock,
  answerCertificates,
  answerRuns,
  createValidator,
  type Peers,
  type Validator,
} from '@custos/node-validator';
import { provenLeaves } from '@custos/node-validator/process';
import {
  memoryChainStore,
  MemoryChainDisk,
  memoryJournalMedium,
  MemoryJournalDisk,
  openJournal,
} from '@custos/shell-chain-store';
import { MemoryBroker, memoryLanes, type Lanes } from '@custos/shell-lanes';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { openLog, type Log, systemClock } from '@custos/shell-process';
import { genesisDocument, identityIn, MEMBERS, tokenOf, type Member } from './members.js';
import { startPartner, type Partner } from '../start-partner.js';
import { until } from './until.js';
import { freshTables } from './fresh-database.js';

// Four validators and the partner services over them, in one process: real hosts, real tables, real HTTP; the broker and
// the validators' disks are twins.

/** What a service said. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  // Read by the tests as what it should be.
  readonly body: { readonly [member: string]: Json };
}

interface Sending {
  readonly token?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as it is, instead of JSON. */
  readonly raw?: string;
}

/** One partner service, with the tables and the port it has for itself. */
export interface Service {
  readonly partner: Partner;
  readonly postgres: Postgres;
  readonly asker: Asker;
  readonly origin: string;
  /** Address of its watch listener. */
  readonly watchOrigin: string;
  get(path: string, sending?: Sending): Promise<Answer>;
  post(path: string, body: unknown, sending?: Sending): Promise<Answer>;
  options(path: string, sending?: Sending): Promise<Answer>;
  /** Without a body. */
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  /** As SIGTERM does. */
  stop(): Promise<void>;
}

export class FourHosts {
  readonly broker = new MemoryBroker();
  readonly genesis: Genesis;
  private readonly validators = new Map<string, Validator>();
  private readonly closing: (() => Promise<void>)[] = [];
  private readonly partners = new Set<Partner>();

  constructor(
    private readonly members: readonly Member[] = MEMBERS,
    readonly document: Json = genesisDocument(Date.now() - 60_000),
  ) {
    const genesis = genesisOf(this.document);
    if (!genesis.ok) throw new Error(JSON.stringify(genesis.malformed));
    this.genesis = genesis.value;
  }

  async startValidators(): Promise<void> {
    for (const member of this.members) await this.startValidator(member);
  }

  private async startValidator({ gln, validatorKey }: Member): Promise<void> {
    const lanes = memoryLanes(this.broker);
    const log = openLog(gln, 'silent');
    const validator = createValidator(
      {
        ...{ lanes, log, clock: systemClock, verify: nodeVerify, hasher: nodeHasher, signer: validatorKey },
        journal: await openJournal(memoryJournalMedium(new MemoryJournalDisk())),
        store: memoryChainStore(nodeHasher, new MemoryChainDisk()),
        peers: this.peers(),
      },
      { genesis: this.genesis },
    );
    await validator.start();
    this.validators.set(gln, validator);
    this.closing.push(async () => {
      await validator.stop();
      await lanes.close();
    });
  }

  /** A service of this member over tables that outlive it. */
  async startService(
    member: Member,
    database: Pick<FreshDatabase, 'postgres'>,
    waitMs = 120_000,
    lanes?: Lanes,
    log: Log = openLog('partner', process.env['CUSTOS_TEST_LOG'] ? 'info' : 'silent'),
  ): Promise<Service> {
    const own = lanes ?? memoryLanes(this.broker);
    const identity = identityIn(this.document, member);
    const partner = await startPartner(
      identity,
      { host: '127.0.0.1', port: 0, rateExempt: ['127.0.0.1'], validatorName: member.gln, waitMs },
      {
        postgres: database.postgres,
        lanes: own,
        pull: async (from) => answerRuns(this.running(member.gln), from),
        askLeaves: async (keys) => parseAnswer(this.provenBy(member.gln, keys)),
        clock: systemClock,
        log,
      },
    );
    let stopped: Promise<void> | undefined;
    const stop = () => {
      this.partners.delete(partner);
      return (stopped ??= partner.close().then(() => own.close()));
    };
    this.partners.add(partner);
    this.closing.push(stop);
    const { postgres } = database;
    const asker = askerOf(identity.party);
    return { partner, postgres, asker, stop, ...clientOf(partner, tokenOf(member.gln, 'operate'), () => this.level()) };
  }

  /** Resolves when every service that follows has what one of them has: each follows at its own pace. */
  private async level(): Promise<void> {
    const heads = () => [...this.partners].filter((each) => each.isFollowing()).map((each) => each.head());
    const top = Math.max(0, ...heads().map(({ height }) => height));
    await until(() => heads().every(({ height }) => height >= top), `all services at block ${top}`);
  }

  async freshDatabase(): Promise<FreshDatabase> {
    const database = await freshTables();
    this.closing.push(() => database.drop());
    return database;
  }

  /** Ids of all transactions on the chain, as this member's validator has it. */
  transactionIds({ gln }: Member): readonly string[] {
    const { networkId } = this.validators.get(gln)!.network;
    const pieces = this.running(gln).chain.piecesFrom(1, Number.MAX_SAFE_INTEGER);
    const blocks = pieces.map((piece) => decodeBlock(nodeHasher, networkId, piece));
    return blocks.flatMap((block) => (block.ok ? block.value.transactions.map(({ id }) => id) : []));
  }

  /** What all of its state hashes to. */
  stateRoot({ gln }: Member): string {
    return this.running(gln).chain.head.block.header.stateRoot;
  }

  /** What was started last stops first. */
  async stop(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
  }

  private provenBy(gln: string, keys: readonly string[]): Json {
    return provenLeaves(this.running(gln), keys) ?? null;
  }

  private running(gln: string) {
    const validator = this.validators.get(gln);
    if (!validator) throw new Error(`${gln} is away`);
    return validator.running();
  }

  private peers(): Peers {
    return {
      runs: async (gln, from) => answerRuns(this.running(gln), from),
      block: async (gln, hash) => answerBlock(this.running(gln), hash),
      certificates: async (gln, epoch, from) =>
        answerCertificates(this.running(gln), this.validators.get(gln)!.network, epoch, from),
    };
  }
}

/** The answer to a task that the law accepts. */
export async function accepted(service: Service, path: string, body: Json): Promise<Answer> {
  const answer = await service.post(path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

export function following(...services: readonly Service[]): Promise<void> {
  return until(() => services.every(({ partner }) => partner.isFollowing()), 'the services follow');
}

/** `answered` is waited for before an answer is given to the test. */
function clientOf({ port, watchPort }: Partner, token: string, answered: () => Promise<void>) {
  const origin = `http://127.0.0.1:${port}`;
  const exchange = async (method: string, path: string, body: unknown, sending: Sending): Promise<Answer> => {
    const { key, headers = {}, raw } = sending;
    const bearer = sending.token ?? token;
    const response = await fetch(origin + path, {
      method,
      headers: {
        ...(bearer !== '' && { authorization: `Bearer ${bearer}` }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
        ...headers,
      },
      ...(method === 'POST' && { body: raw ?? JSON.stringify(body) }),
    });
    const text = await response.text();
    await answered();
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
  return {
    origin,
    watchOrigin: `http://127.0.0.1:${watchPort}`,
    get: (path: string, sending: Sending = {}) => exchange('GET', path, undefined, sending),
    send: (method: string, path: string, sending: Sending = {}) => exchange(method, path, undefined, sending),
    options: (path: string, sending: Sending = {}) => exchange('OPTIONS', path, undefined, sending),
    post: (path: string, body: unknown, sending: Sending = {}) => exchange('POST', path, body, sending),
  };
}
