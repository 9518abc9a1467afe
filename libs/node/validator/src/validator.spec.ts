import { decodeBlock, decodeFinalMessage, decodeReceipts } from '@custos/core-chain';
import { nodeHasher } from '@custos/shell-node-crypto';
import { TestNetwork, until } from './four-validators.contract.js';

const networks: TestNetwork[] = [];
function network(...args: ConstructorParameters<typeof TestNetwork>): TestNetwork {
  const made = new TestNetwork(...args);
  networks.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(networks.splice(0).map((made) => made.stopAll()));
});

function heights(net: TestNetwork): readonly number[] {
  return net.validators.flatMap((validator) => (validator ? [validator.status().final.height] : []));
}

async function untilFinal(net: TestNetwork, id: string): Promise<void> {
  const isFinal = (): boolean =>
    net.validators.every((validator) => {
      const parts = validator?.running();
      return !parts || parts.chain.parts.recentIds.has(id as never, 0);
    });
  await until(isFinal, `transaction ${id.slice(0, 8)} final`);
}

describe('four validators in one process', () => {
  it('K7: make a transaction final everywhere, with one receipt and one state', async () => {
    const net = network();
    await net.startAll();
    await untilFinal(net, await net.sendProduct(0, 1));
    const heads = net.validators.map((validator) => validator!.running().chain.head.block.header);
    expect(new Set(heads.map(({ height, ownHash, stateRoot }) => `${height} ${ownHash} ${stateRoot}`)).size).toBe(1);
    const lane = net.read(`test.final.${net.members[1]!.gln}`).map((bytes) => decodeFinalMessage(bytes));
    expect(lane.map((message) => message.ok && message.value.type)).toEqual(['block', 'receipts', 'record']);
    const receipts = lane[1]!.ok && lane[1]!.value.type === 'receipts' && decodeReceipts(lane[1]!.value.bytes);
    expect(receipts).toMatchObject({ ok: true, value: [{ outcome: 'accepted', eventIndex: 0 }] });
    expect(net.alarms).toEqual([]);
  });
});
