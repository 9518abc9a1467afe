import { decodeTransaction, payloadOf } from '@custos/core-chain';
import { generatePrivateKey, nodeHasher, signerFromPrivateKey } from '@custos/shell-node-crypto';
import { createPen, ForeignTransaction } from './drafts.js';
import { draftOf, networkId, PEN, START } from '../testing/promises.js';

const pen = createPen({ ...PEN, now: () => START });

describe('SR1: the pen of a service', () => {
  it('signs its own content anew, with a new id and a new life', async () => {
    const { draft } = draftOf();
    const { txId, bytes, expiresAt } = await createPen({ ...PEN, now: () => START - 3_600_000 }).sign(draft);
    const renewed = await pen.renew({ txId, bytes });
    expect([renewed.txId === txId, renewed.expiresAt]).toEqual([false, expiresAt + 3_600_000]);
    const decoded = decodeTransaction(nodeHasher, networkId, renewed.bytes);
    expect(decoded.ok && payloadOf(decoded.value)).toEqual(draft.parts);
  });

  it("signs no content of another's transaction", async () => {
    const stranger = createPen({ ...PEN, signer: signerFromPrivateKey(generatePrivateKey()), now: () => START });
    const { txId, bytes } = await stranger.sign(draftOf().draft);
    await expect(pen.renew({ txId, bytes })).rejects.toBeInstanceOf(ForeignTransaction);
  });
});
