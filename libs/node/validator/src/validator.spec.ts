import fc from 'fast-check';
import { decodeFinalMessage, decodeReceipts, decodeBlock, decodeVotesMessage } from '@custos/core-chain';
import type { Digest, VerifySignatures } from '@custos/core-crypto';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { type Clock, systemClock } from '@custos/shell-process';
import { refOf } from './state/held-blocks.js';
import { CheckedTransactions } from './state/checked-transactions.js';
import { Intake, type IntakeParts } from './lanes/intake.js';
import { lead } from './host/leader.js';
import { emptyDisk, ManualClock, productTransaction, TestNetwork, until } from './testing/four-validators.js';

const networks: TestNetwork[] = [];
function network(...args: ConstructorParameters<typeof TestNetwork>): TestNetwork {
  const made = new TestNetwork(...args);
  networks.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(networks.splice(0).map((made) => made.stopAll()));
});

function isFinal(net: TestNetwork, id: string): boolean {
  return net.validators.every((validator) => !validator || validator.running().chain.isFinal(id as Digest));
}

const untilFinal = (net: TestNetwork, id: string): Promise<void> =>
  until(() => isFinal(net, id), `transaction ${id.slice(0, 8)} final`);

function heads(net: TestNetwork): ReadonlySet<string> {
  const live = net.validators.filter((validator) => validator !== undefined);
  return new Set(
    live.map((validator) => {
      const { height, ownHash, stateRoot } = validator.running().chain.head.block.header;
      return `${height} ${ownHash} ${stateRoot}`;
    }),
  );
}

/** Heights of the blocks on a final lane, in the order of the lane. */
function publishedHeights(net: TestNetwork, member: number): readonly number[] {
  const { networkId } = net.validators[member]!.network;
  return net.read(`test.final.${net.members[member]!.gln}`).flatMap((bytes) => {
    const message = decodeFinalMessage(bytes);
    if (!message.ok || message.value.type !== 'block') return [];
    const block = decodeBlock(nodeHasher, networkId, message.value.bytes);
    return block.ok ? [block.value.header.height] : [];
  });
}

function hasGap(heights: readonly number[]): boolean {
  return heights[0] !== 1 || heights.some((height, i) => i > 0 && height > heights[i - 1]! + 1);
}

/** Whether the votes lane of a validator holds a vote of its own above its last final view. */
function hasOpenVote(net: TestNetwork, index: number): boolean {
  const final = net.validators[index]!.running().host.consensus.final.view;
  return net.read(`test.votes.${net.members[index]!.gln}`).some((value) => {
    const message = decodeVotesMessage(value, net.members.length);
    return message.ok && message.value.type === 'vote' && message.value.vote.view > final;
  });
}

describe('four validators in one process', () => {
  it('K17: a parent that dies while a leader gathers is let go', async () => {
    const net = network();
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 1));
    const { chain, pool } = net.validators[0]!.running();
    const parent = chain.head;
    const clock = new ManualClock();
    const leading = lead(
      {
        ...{
          chain,
          pool,
          clock,
          hasher: nodeHasher,
          network: net.validators[0]!.network,
          signer: net.members[0]!.validatorKey,
        },
        pace: { gatherMs: () => 50 },
        log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      },
      { type: 'build', view: 1_000, parent: refOf(parent.block), certificates: [], content: 'empty' },
    );
    await untilFinal(net, await net.sendProduct(0, 2));
    await until(() => !chain.isLive(parent), 'the parent is below the head');
    await clock.advance(50);
    expect(await leading).toBeUndefined();
  });

  it('K7: make a transaction final everywhere, with one receipt and one state', async () => {
    // Time stands still: no view is given up, however slow the machine, so one block is all there is.
    const net = network(4, { clock: new ManualClock() });
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 1));
    await until(() => heads(net).size === 1, 'one head');
    const final = () => net.read(`test.final.${net.members[1]!.gln}`);
    await until(() => final().length >= 3, 'the run on the final lane');
    const lane = final().map((bytes) => decodeFinalMessage(bytes));
    expect(lane.map((message) => message.ok && message.value.type)).toEqual(['block', 'receipts', 'record']);
    const receipts = lane[1]!.ok && lane[1]!.value.type === 'receipts' && decodeReceipts(lane[1]!.value.bytes);
    expect(receipts).toMatchObject({ ok: true, value: [{ outcome: 'accepted', eventIndex: 0 }] });
    expect(net.alarms).toEqual([]);
  });

  it('L2.5: one transaction sent many times, over several lanes, is final once', async () => {
    const net = network();
    await net.startAll();
    const { bytes, id } = await net.productTransaction(0, 1);
    for (const { gln } of [...net.members, ...net.members]) await net.publish(`test.tx.${gln}`, bytes);
    await untilFinal(net, id);
    await untilFinal(net, await net.sendProduct(0, 2));
    const { network: own, running } = net.validators[0]!;
    const pieces = running().chain.piecesFrom(1, Number.MAX_SAFE_INTEGER);
    const blocks = pieces.map((piece) => decodeBlock(nodeHasher, own.networkId, piece));
    const ids = blocks.flatMap((block) => (block.ok ? block.value.transactions.map((each) => each.id) : []));
    expect(ids.filter((found) => found === id)).toHaveLength(1);
  });

  it('L2.5: one that becomes final while its signatures are verified does not wait (I14)', async () => {
    const net = network(4);
    await net.startAll();
    const { chain, pool } = net.validators[0]!.running();
    const { networkId } = net.validators[0]!.network;
    const transaction = await productTransaction(net.genesis, net.members[0]!, 1, systemClock.now());
    const final = new Set<string>();
    const verify: VerifySignatures = (checks) => {
      final.add(transaction.id);
      return nodeVerify(checks);
    };
    const checked = new CheckedTransactions(networkId, verify);
    const racing: IntakeParts['chain'] = {
      head: chain.head,
      viewAfter: (block) => chain.viewAfter(block),
      isFinal: (id) => final.has(id),
    };
    const lane = `test.tx.${net.members[0]!.gln}`;
    const intake = new Intake(
      { chain: racing, pool, checked, networkId, hasher: nodeHasher, clock: systemClock },
      [lane],
      new Map(),
    );
    await intake.take([{ lane, position: '1', value: transaction.bytes }]);
    expect([pool.size, intake.counts]).toEqual([0, { admitted: 0, dropped: 1, full: 0 }]);
  });

  it('a validator that was killed starts from its disk, catches up and votes again', async () => {
    const net = network();
    await net.startAll();
    for (let serial = 1; serial <= 5; serial++) await untilFinal(net, await net.sendProduct(0, serial));
    await net.kill(2);
    for (let serial = 6; serial <= 10; serial++) await untilFinal(net, await net.sendProduct(0, serial));
    await net.start(2);
    await until(() => heads(net).size === 1 && net.validators[2]!.status().speaking, 'caught up');
    // With one of the others away, nothing becomes final without it.
    await net.kill(3);
    await untilFinal(net, await net.sendProduct(0, 11));
    await until(() => !hasGap(publishedHeights(net, 2)) && publishedHeights(net, 2).length > 5, 'a lane without gap');
    expect(net.alarms).toEqual([]);
  });

  // CR11, a known fault that is not mended yet: mending it turns `failing` off.
  it.failing('one stray byte at the end of a final lane does not publish the chain anew', async () => {
    const net = network(4);
    await net.startAll();
    for (let i = 1; i <= 8; i++) await untilFinal(net, await net.sendProduct(i % 4, i));
    const { height } = net.validators[0]!.status().final;
    const lane = `test.final.${net.members[0]!.gln}`;
    await until(() => net.read(lane).length >= 3 * height, 'published');
    await net.kill(0);
    const before = net.read(lane).length;
    await net.publish(lane, new Uint8Array([9]));
    await net.start(0);
    await untilFinal(net, await net.sendProduct(1, 9));
    const next = net.validators[0]!.status().final.height + 1;
    await until(() => net.validators[0]!.status().finalLane === next, 'published again');
    expect(net.read(lane).length).toBeLessThan(before + 3 * height);
  });

  it('K13: a whole network that was killed goes on where it stood', async () => {
    const net = network();
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 1));
    const waiting = net.sendProduct(0, 2);
    for (let i = 0; i < 4; i++) await net.kill(i);
    await waiting;
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 3));
    await untilFinal(net, await waiting);
    expect(net.alarms).toEqual([]);
  });

  it('K13: a validator whose disk was lost refuses to speak', async () => {
    const net = network(4);
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 1));
    // Two of four agree on nothing: so the validator votes in a view that is not final, and that vote is what it forgets.
    for (const index of [2, 3]) await net.kill(index);
    const second = await net.sendProduct(0, 2);
    await until(() => hasOpenVote(net, 1), 'a vote above the last final view');
    await net.kill(1);
    Object.assign(net.disks[1]!, emptyDisk());
    const validator = await net.start(1);
    expect(await validator.stopped).toMatchObject({ code: 'HALTED', halt: { code: 'RECOVERY_NEEDED' } });
    expect(validator.status()).toMatchObject({ halted: 'RECOVERY_NEEDED', speaking: false });
    // The other three are a quorum.
    net.validators[1] = undefined;
    for (const index of [2, 3]) await net.start(index);
    await untilFinal(net, second);
    await validator.stop();
  });

  it('garbage on every lane is harmless', async () => {
    const net = network();
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 1));
    const samples = net.laneNames().flatMap((lane) => net.read(lane).slice(-2));
    const mutated = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255)).map(([bytes, at, value]) => {
      const copy = Uint8Array.from(bytes);
      copy[at % copy.length]! ^= value;
      return copy;
    });
    const garbage = fc.oneof(fc.uint8Array({ maxLength: 400 }), mutated, fc.constantFrom(...samples));
    const lanes = net.laneNames();
    for (const [lane, bytes] of fc.sample(fc.tuple(fc.constantFrom(...lanes), garbage), { numRuns: 600, seed: 7 }))
      await net.publish(lane, bytes);
    await untilFinal(net, await net.sendProduct(0, 2));
    expect(net.validators.map((validator) => validator!.status().halted)).toEqual(Array(4).fill(undefined));
  });

  it('K17: with one validator of four away, all transactions of all organisations become final', async () => {
    const net = network(4, { t0: 100 });
    for (const index of [0, 1, 3]) await net.start(index);
    const ids: string[] = [];
    for (let serial = 1; serial <= 20; serial++) ids.push(await net.sendProduct(serial % 4, serial));
    for (const id of ids) await untilFinal(net, id);
    await until(() => heads(net).size === 1, 'one head');
  });

  it('K9: a timer that comes early is set again, so that a silent leader is skipped all the same', async () => {
    const early = (milliseconds: number): number => (milliseconds > 5 ? milliseconds - 5 : milliseconds);
    const clock: Clock = { ...systemClock, setTimer: (ms, run) => systemClock.setTimer(early(ms), run) };
    const net = network(4, { t0: 100, clock });
    for (const index of [0, 1, 3]) await net.start(index);
    // Four leaders' turns: one of them is the silent one's.
    for (let serial = 1; serial <= 4; serial++) await untilFinal(net, await net.sendProduct(0, serial));
  });

  it('I14: an idle network sends nothing until the heartbeat is due', async () => {
    const clock = new ManualClock();
    const net = network(4, { clock });
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 1));
    const count = (): number => net.laneNames().reduce((sum, lane) => sum + net.read(lane).length, 0);
    await until(() => net.members.every((_, i) => publishedHeights(net, i).length === 1), 'all published');
    // Votes that no one needed any more may be under way: signing and verifying end when their threads have time.
    let before = -1;
    while (before !== count()) {
      before = count();
      await clock.turns(200);
    }
    for (let second = 0; second < 29; second++) await clock.advance(1_000);
    expect(count()).toBe(before);
    await clock.advance(2_000);
    await until(() => net.validators.every((validator) => validator!.status().final.height === 2), 'a heartbeat');
  });
});
