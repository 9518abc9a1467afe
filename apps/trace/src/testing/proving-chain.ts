import { orReject, parsed, type Json, type Parsed } from '@custos/core-bytes';
import { encodeHeader, type AnswerBundle, type KindName } from '@custos/core-chain';
import { CUSTOS_CONTEXT, objectEvent } from '@custos/core-epcis';
import { AUTHORITY, MAKER, SmallChain, smallGenesis, TRADER } from '@custos/core-execution/testing';
import { encodeCertificate } from '@custos/core-finality';
import { parseScan } from '@custos/core-gs1';
import { encodeStateProof } from '@custos/core-merkle';
import { pinNetwork, type PinnedNetwork } from '@custos/node-follower';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';

export { AUTHORITY, MAKER, TRADER };
export const GTIN = '04012345000016';
const GENESIS = smallGenesis('proving', Date.parse('2026-01-05T08:00:00Z'));

/** A chain of one maker in this process, that answers for its state as a validator does: leaves with proofs. */
export class ProvingChain {
  readonly network: PinnedNetwork = orReject(pinNetwork(GENESIS, nodeHasher, nodeVerify));
  private readonly chain = new SmallChain(GENESIS, nodeHasher);
  private readonly runs: (readonly Uint8Array[])[] = [];

  messagesFrom(height: number): readonly Uint8Array[] {
    return this.runs.slice(height - 1).flat();
  }

  /** Registers the product, then commissions one pack for each serial. */
  async make(serials: readonly string[], lot: string, expiry: string): Promise<void> {
    this.add('product', [{ op: 'register', gtin: GTIN, name: 'Alpenrosin 20 mg' }]);
    const epcs = serials.map((serial) => orReject(parseScan(`(01)${GTIN}(21)${serial}`)).identifier);
    const ilmd = { lot, expiry };
    const at = { eventTime: this.chain.head.timestamp, action: 'ADD', bizStep: 'commissioning' } as const;
    const event = objectEvent({ ...at, eventID: 'urn:event:1', epcs, ilmd });
    this.add('capture', [{ context: CUSTOS_CONTEXT, header: {}, onError: 'proceed', salt: '5a'.repeat(32) }, event]);
  }

  leaves(keys: readonly string[]): Parsed<AnswerBundle> {
    const { state, tree, root, head, validators } = this.chain;
    const leaves = keys.map((key) => {
      const value = state.get(key)?.value;
      return { key, ...(value && { value }), proof: encodeStateProof(tree.prove(root, key)) };
    });
    const certificate = encodeCertificate(this.chain.finalize(head), validators.size);
    return parsed({ header: encodeHeader(head), above: [], certificate, leaves, events: [] });
  }

  private add(kind: KindName, parts: readonly Json[]): void {
    const grown = this.chain.grow([this.chain.sign(kind, MAKER, parts)]);
    if (grown.receipts.some(({ outcome }) => outcome === 'refused')) throw new Error(JSON.stringify(grown.receipts));
    this.runs.push(this.chain.finalMessages(grown));
  }
}
