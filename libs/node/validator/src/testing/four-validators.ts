import type { Json } from '@custos/core-bytes';
import { genesisOf, KIND, networkIdOf, unsignedTransaction, type Genesis } from '@custos/core-chain';
import { checkDigit } from '@custos/core-gs1';
import type { Signer } from '@custos/core-crypto';
import {
  memoryChainStore,
  MemoryChainDisk,
  memoryJournalMedium,
  MemoryJournalDisk,
  openJournal,
} from '@custos/shell-chain-store';
import { MemoryBroker, memoryLanes, type Lanes } from '@custos/shell-lanes';
import { nodeHasher, nodeVerify, signerFromPrivateKey } from '@custos/shell-node-crypto';
import { type Clock, type Log, systemClock } from '@custos/shell-process';
import { answerBlock, answerCertificates, answerRuns } from '../http/answers.js';
import { createValidator, type Validator } from '../create-validator.js';
import type { Peers } from '../ports.js';

// Several validators in one process, on twins of the disks and the broker: for tests and measurements.

const PREFIXES = ['4012345', '4023456', '4034567', '4045678'];
const ROLES = ['manufacturer', 'distributor', 'pharmacy', 'regulator'];

const GENESIS_TIME = 1_700_000_000_000;

const privateKey = (seed: number): string => seed.toString(16).padStart(64, '0');
export const VALIDATOR_KEYS = PREFIXES.map((_, i) => privateKey(1_000 + i));

export interface Member {
  readonly gln: string;
  readonly prefix: string;
  readonly validatorKey: Signer;
  readonly partyKey: Signer;
}

export function membersOf(count: number): readonly Member[] {
  return PREFIXES.slice(0, count).map((prefix, i) => {
    const digits = `${prefix}00000`;
    const gln = digits + checkDigit(digits);
    return {
      gln,
      prefix,
      validatorKey: signerFromPrivateKey(VALIDATOR_KEYS[i]!),
      partyKey: signerFromPrivateKey(privateKey(2_000 + i)),
    };
  });
}

export function genesisFor(members: readonly Member[], t0 = 400): Genesis {
  const document: Json = {
    name: 'test',
    time: GENESIS_TIME,
    parameters: { epochLength: 0, t0 },
    countries: { DE: 'EU' },
    ruleSets: {},
    validators: members.map(({ gln, validatorKey }) => ({
      gln,
      key: validatorKey.publicKey,
      endpoints: { lanes: 'memory', http: `http://${gln}.invalid` },
    })),
    parties: members.map(({ gln, prefix }, i) => ({
      gln,
      name: `Member ${i}`,
      country: 'DE',
      roles: [ROLES[i]!],
      licences: i === 0 ? [{ kind: 'manufacturing', validFrom: 0 }] : [],
      agents: [],
      prefixes: [prefix],
      locations: [],
    })),
    keys: members.map(({ gln, partyKey }) => ({ party: gln, publicKey: partyKey.publicKey })),
    products: [],
  };
  const genesis = genesisOf(document);
  if (!genesis.ok) throw new Error(JSON.stringify(genesis.malformed));
  return genesis.value;
}

export interface Disk {
  readonly chain: MemoryChainDisk;
  readonly journal: MemoryJournalDisk;
}

export function emptyDisk(): Disk {
  return { chain: new MemoryChainDisk(), journal: new MemoryJournalDisk() };
}

/** Time that stands still until a test moves it; work that asks for no delay runs at once. */
export class ManualClock implements Clock {
  private time = GENESIS_TIME + 1_000;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.time;
  }

  setTimer(milliseconds: number, run: () => void): () => void {
    if (milliseconds <= 0) return systemClock.setTimer(0, run);
    const timer = { at: this.time + milliseconds, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  async advance(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    for (const timer of [...this.timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.time || !this.timers.delete(timer)) continue;
      timer.run();
    }
    await this.turns(5);
  }

  async turns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await new Promise<void>((resolve) => systemClock.setTimer(0, resolve));
  }
}

export interface SentTransaction {
  readonly bytes: Uint8Array;
  readonly id: string;
}

/** Registers a product of its own: accepted for a manufacturer, refused with a receipt for the others. */
export async function productTransaction(
  genesis: Genesis,
  { prefix, partyKey }: Member,
  serial: number,
  createdAt: number,
): Promise<SentTransaction> {
  const digits = `0${prefix}${String(serial).padStart(5, '0')}`;
  const payload = {
    op: 'register',
    gtin: digits + checkDigit(digits),
    name: `Product ${serial}`,
    levels: [],
    markets: ['DE'],
    cmos: [],
    nationalNumbers: [],
  };
  const draft = { kind: KIND.product, keyIds: [partyKey.keyId], createdAt, expiresAt: createdAt + 600_000 };
  const unsigned = unsignedTransaction(nodeHasher, networkIdOf(nodeHasher, genesis), { ...draft, parts: [payload] });
  return { bytes: unsigned.finish([await partyKey.sign(unsigned.message)]), id: unsigned.id };
}

export class TestNetwork {
  readonly members: readonly Member[];
  readonly genesis: Genesis;
  readonly broker = new MemoryBroker();
  readonly disks: readonly Disk[];
  readonly validators: (Validator | undefined)[] = [];
  readonly lanes: Lanes[] = [];
  readonly alarms: string[] = [];
  private readonly client = memoryLanes(this.broker);

  constructor(
    count = 4,
    private readonly options: { readonly clock?: Clock; readonly t0?: number; readonly heartbeat?: number } = {},
  ) {
    this.members = membersOf(count);
    this.genesis = genesisFor(this.members, options.t0);
    this.disks = this.members.map(emptyDisk);
  }

  async start(index: number): Promise<Validator> {
    const lanes = memoryLanes(this.broker);
    const disk = this.disks[index]!;
    const validator = createValidator(
      {
        journal: await openJournal(memoryJournalMedium(disk.journal)),
        store: memoryChainStore(nodeHasher, disk.chain),
        lanes,
        peers: this.peers(),
        clock: this.options.clock ?? systemClock,
        verify: nodeVerify,
        signer: this.members[index]!.validatorKey,
        hasher: nodeHasher,
        log: this.log(index),
      },
      { genesis: this.genesis, heartbeat: this.options.heartbeat },
    );
    await validator.start();
    this.lanes[index] = lanes;
    this.validators[index] = validator;
    return validator;
  }

  async startAll(): Promise<void> {
    for (let i = 0; i < this.members.length; i++) await this.start(i);
  }

  /** Crashes a validator; what runs on finds its disks and lanes shut at once. */
  async kill(index: number): Promise<void> {
    const validator = this.validators[index];
    this.validators[index] = undefined;
    memoryJournalMedium(this.disks[index]!.journal);
    memoryChainStore(nodeHasher, this.disks[index]!.chain);
    await this.lanes[index]?.close();
    await validator?.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.validators.map((validator) => validator?.stop()));
    await Promise.all(this.lanes.map((lanes) => lanes.close()));
  }

  publish(lane: string, bytes: Uint8Array): Promise<void> {
    return this.client.publish(lane, [bytes]);
  }

  laneNames(): readonly string[] {
    const kinds = ['votes', 'proposals', 'tx', 'final'];
    return this.members.flatMap(({ gln }) => kinds.map((kind) => `test.${kind}.${gln}`));
  }

  read(lane: string): readonly Uint8Array[] {
    return this.broker.log(lane).values;
  }

  async sendProduct(member: number, serial: number): Promise<string> {
    const { bytes, id } = await this.productTransaction(member, serial);
    await this.publish(`test.tx.${this.members[member]!.gln}`, bytes);
    return id;
  }

  productTransaction(member: number, serial: number): Promise<SentTransaction> {
    const now = (this.options.clock ?? systemClock).now();
    return productTransaction(this.genesis, this.members[member]!, serial, now);
  }

  private peers(): Peers {
    const ask = (gln: string): Validator => {
      const found = this.validators.find((validator) => validator?.network.gln === gln);
      if (!found) throw new Error(`${gln} is away`);
      return found;
    };
    return {
      runs: async (gln, fromHeight) => answerRuns(ask(gln).running(), fromHeight),
      block: async (gln, hash) => answerBlock(ask(gln).running(), hash),
      certificates: async (gln, epoch, fromView) =>
        answerCertificates(ask(gln).running(), ask(gln).network, epoch, fromView),
    };
  }

  private log(index: number): Log {
    return {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (event, facts) => void this.alarms.push(`${index}: ${event} ${JSON.stringify(facts)}`),
    };
  }
}

/** Resolves when it holds, asked again after every turn of the event loop; fails after the limit. */
export async function until(holds: () => boolean, what: string, limitMs = 150_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
