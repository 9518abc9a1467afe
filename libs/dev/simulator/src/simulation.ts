import { decodeProposal, networkIdOf, type Genesis } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import { decodeCertificate } from '@custos/core-finality';
import { createValidator, networkOf, type Validator } from '@custos/node-validator';
import type { Log } from '@custos/shell-process';
import { laneOwner } from '@custos/shell-lanes';
import { nodeHasher } from '@custos/shell-node-crypto';
import { Effects } from './adversaries/crash-point.js';
import { Life } from './twins/life.js';
import { machineFault } from './watch/machine-watch.js';
import { genesisFor, GENESIS_TIME, membersOf, productTransaction, type Member, type Submitted } from './members.js';
import { Random } from './twins/random.js';
import type { Schedule } from './schedule.js';
import { SimulatedDisk } from './twins/sim-disk.js';
import { simulatedVerify } from './twins/sim-crypto.js';
import { SimulatedBroker, simulatedLanes, type WireFaults } from './twins/sim-lanes.js';
import { simulatedPeers } from './twins/sim-peers.js';
import { startLiar } from './adversaries/liar.js';
import { VirtualTime } from './twins/virtual-time.js';
import { Watch, type Sender } from './watch/watch.js';

/** A relay sends again what is not final after so many milliseconds, as a partner's does. */
const RELAY_MS = 3_000;

/** Events between two looks at all certificates, besides one with each change of view. */
const LOOK_EVERY = 50;

/** How long a validator stays down after the crash of its schedule. */
const DOWN_MS = 50;

/** One validator: its disk stays, its processes come and go. */
export interface Place {
  readonly index: number;
  readonly member: Member;
  readonly disk: SimulatedDisk;
  readonly effects: Effects;
  /** Its wall clock differs from the true time by so many milliseconds. */
  clockError: number;
  life: Life | undefined;
  validator: Validator | undefined;
  /** The view in which its certificates were last checked. */
  seenView: number;
}

/**
 * The real host of `node/validator`, several times, on twins of disk, wire and clock that do their worst. One
 * seed, one outcome. Everything that is asked of a network is watched after each event.
 */
export class Simulation {
  readonly time = new VirtualTime(GENESIS_TIME + 1_000);
  readonly random: Random;
  readonly watch: Watch;
  readonly broker: SimulatedBroker;
  readonly genesis: Genesis;
  readonly networkId: Digest;
  readonly places: readonly Place[];
  readonly submitted: Submitted[] = [];
  private wire: WireFaults;
  private events = 0;
  private serial = 0;

  constructor(readonly schedule: Schedule) {
    this.random = new Random(schedule.seed);
    this.watch = new Watch(schedule.validators);
    this.wire = schedule.wire;
    this.broker = new SimulatedBroker(this.random, () => this.wire);
    this.broker.onPublish = (lane, value) => this.onPublish(lane, value);
    const members = membersOf(schedule.validators);
    this.genesis = genesisFor(members, schedule.t0);
    this.networkId = networkIdOf(nodeHasher, this.genesis);
    this.places = this.inSetOrder(members);
    this.time.afterEvent = () => this.afterEvent();
    const { liar } = schedule;
    if (liar) startLiar(this, this.places[liar.index]!.member, liar.lie);
    for (const place of this.places) if (place.index !== liar?.index) this.start(place.index);
  }

  // A place's index is the validator's index in the set, as votes name it.
  private inSetOrder(members: readonly Member[]): readonly Place[] {
    const places = members.map((member) => ({
      index: networkOf(nodeHasher, this.genesis, member.validator.keyId).self!,
      member,
      disk: new SimulatedDisk(this.random, this.schedule.disk),
      effects: this.effectsOf(networkOf(nodeHasher, this.genesis, member.validator.keyId).self!),
      clockError: 0,
      life: undefined,
      validator: undefined,
      seenView: 0,
    }));
    return places.sort((a, b) => a.index - b.index);
  }

  private effectsOf(index: number): Effects {
    const { crashAt } = this.schedule;
    return new Effects(crashAt?.index === index ? crashAt : undefined, () => {
      this.crash(index, true);
      this.time.after(DOWN_MS, () => this.start(index));
    });
  }

  get honest(): readonly Place[] {
    return this.places.filter(({ index }) => index !== this.schedule.liar?.index);
  }

  get running(): readonly Validator[] {
    return this.places.flatMap(({ validator }) => (validator ? [validator] : []));
  }

  setWire(wire: WireFaults): void {
    this.wire = wire;
  }

  /** The wall clock of one validator is set; its timers count on. */
  setClockError(index: number, milliseconds: number): void {
    this.places[index]!.clockError = milliseconds;
    this.watch.note(`clock ${index} ${milliseconds}\n`);
  }

  /** @throws Error naming the seed when an invariant broke. */
  run(milliseconds: number): Promise<void> {
    return this.time.run(milliseconds);
  }

  start(index: number): void {
    const place = this.places[index]!;
    if (place.life || this.schedule.liar?.index === index) return;
    const life = new Life(this.time);
    place.life = life;
    life.after(0, () => {
      this.boot(place, life).catch((error: unknown) =>
        this.watch.fail(`node ${index} does not start: ${String(error)}`),
      );
    });
  }

  private async boot(place: Place, life: Life): Promise<void> {
    const { member, disk, index, effects } = place;
    const { gln } = member;
    const clock = {
      now: () => Math.floor(this.time.now() + place.clockError),
      setTimer: (milliseconds: number, run: () => void) => life.after(milliseconds, run),
    };
    const validator = createValidator(
      {
        journal: effects.journal(await disk.openJournal(life)),
        store: effects.store(disk.store(life)),
        lanes: effects.lanes(simulatedLanes(this.broker, life, gln)),
        peers: simulatedPeers(
          this.random,
          life,
          (peer) => this.reach(gln, peer),
          (peer, certificates) => this.onCertificates(peer, certificates),
        ),
        clock,
        verify: simulatedVerify,
        signer: member.validator,
        hasher: nodeHasher,
        log: this.log(gln),
      },
      { genesis: this.genesis, rules: this.schedule.rules },
    );
    validator.onFinal((blocks) => this.watch.final(index, blocks));
    void validator.stopped.then((reason) => {
      if (life.isOver) return;
      this.watch.halted.add(gln);
      this.watch.fail(`node ${index} stopped: ${JSON.stringify(reason)}`);
    });
    await validator.start();
    place.validator = validator;
  }

  /** The process is gone at once; `power`: so is what the disk had not synced. */
  crash(index: number, power: boolean): void {
    const place = this.places[index]!;
    if (!place.life) return;
    place.life.isOver = true;
    place.life = undefined;
    place.validator = undefined;
    place.disk.crash(power);
    this.watch.crashes++;
    this.watch.note(`crash ${index}\n`);
  }

  /** A transaction of this member, by its relay, until it is final somewhere. */
  async submit(memberIndex: number): Promise<Submitted> {
    const { member } = this.places[memberIndex]!;
    const now = this.time.now();
    const transaction = await productTransaction(member, ++this.serial, now, this.networkId, nodeHasher);
    this.submitted.push(transaction);
    this.relay(transaction);
    return transaction;
  }

  private relay(transaction: Submitted): void {
    if (this.running.some((validator) => isFinal(validator, transaction.id))) return;
    this.broker.publish(transaction.lane, transaction.bytes);
    this.time.after(RELAY_MS, () => this.relay(transaction));
  }

  /** All that was submitted is final at every validator that runs, on one chain. */
  isSettled(): boolean {
    const heads = this.running.map((validator) => validator.status().final.height);
    return this.running.length === this.honest.length && new Set(heads).size === 1 && this.isFinalAt(this.honest);
  }

  /** All that was submitted is final at each of these. */
  isFinalAt(places: readonly Place[]): boolean {
    return places.every(({ validator }) => validator && this.submitted.every(({ id }) => isFinal(validator, id)));
  }

  private reach(asker: string, asked: string): Validator | undefined {
    const { loss, isCut } = this.wire;
    if (this.random.chance(loss) || isCut?.(`.${asked}`, asker)) return undefined;
    return this.places.find(({ member }) => member.gln === asked)?.validator;
  }

  /** Answers to pulls are watched like what is published. */
  private onCertificates(gln: string, answer: readonly Uint8Array[]): void {
    const place = this.honest.find(({ member }) => member.gln === gln)!;
    for (const bytes of answer) {
      const certificate = decodeCertificate(bytes, this.schedule.validators);
      if (certificate.ok) this.watch.certificateSent(senderOf(place), certificate.value);
      else this.watch.fail(`node ${place.index} answers a bad certificate: ${certificate.malformed.code}`);
    }
  }

  private onPublish(lane: string, value: Uint8Array): void {
    this.watch.published++;
    this.watch.note(`${this.time.now()} ${lane}\n`, value);
    const place = this.honest.find(({ member }) => member.gln === laneOwner(lane));
    if (!place) return;
    const sender = senderOf(place);
    if (lane.includes('.votes.')) this.watch.votesMessage(sender, value);
    if (!lane.includes('.proposals.')) return;
    const proposal = decodeProposal(nodeHasher, this.networkId, this.schedule.validators, value);
    if (!proposal.ok) return this.watch.fail(`node ${place.index} sends a bad proposal: ${proposal.malformed.code}`);
    const { view, ownHash } = proposal.value.block.header;
    this.watch.proposal(sender, value, view, ownHash);
  }

  private afterEvent(): void {
    const isLook = this.events++ % LOOK_EVERY === 0;
    for (const place of this.places) {
      if (!place.validator) continue;
      const { host, bodies } = place.validator.running();
      const state = host.consensus;
      const { view } = state;
      if (view === place.seenView && !isLook) continue;
      place.seenView = view;
      this.watch.certificates(state);
      const fault = machineFault(state, bodies.size, this.schedule.validators);
      if (fault) this.watch.fail(`${fault} (node ${place.index})`);
    }
    this.throwFailure();
  }

  /** What can only be asked when all was seen. @throws Error naming the seed and the invariant. */
  endWatch(): void {
    for (const validator of this.running) this.watch.certificates(validator.running().host.consensus);
    this.watch.checkJumps();
    this.throwFailure();
  }

  private throwFailure(): void {
    if (this.watch.failure) throw new Error(`seed ${this.schedule.seed}: ${this.watch.failure}`);
  }

  private log(gln: string): Log {
    return {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (event, facts) => {
        this.watch.note(`alarm ${gln} ${event}\n`);
        if (event === 'misbehaviour') this.watch.accused.add(String(facts?.validator));
        if (event === 'failed') this.watch.fail(`${gln} failed: ${String(facts?.error)}`);
      },
    };
  }
}

function senderOf({ index, disk }: Place): Sender {
  return { index, held: (bytes) => disk.held(bytes) };
}

function isFinal(validator: Validator, id: Digest): boolean {
  return validator.running().chain.isFinal(id);
}
