import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, toHex, type Json } from '@custos/core-bytes';
import { encodeReceipts, genesisJson, receiptRoot, type KindName } from '@custos/core-chain';
import { referenceHasher as hasher } from '@custos/core-crypto';
import { NETWORK_RULE_KEY, VALIDATORS_KEY } from '@custos/core-registry';
import {
  AUTHORITY,
  captureParts,
  GENESIS,
  keyIdOfParty,
  MAKER,
  NETWORK_ID,
  SmallNetwork,
  TRADER,
} from './testing/small-network.js';

// L9: genesis, part 0 of a capture, receipts, and the roots that blocks lead to; the events of custody have vectors of
// their own. A change of them is a change of the format: only CUSTOS_WRITE_VECTORS=1 rewrites them.
const FILE = join(process.cwd(), '../../../vectors/execution.json');

const PRODUCT = { op: 'register', gtin: '04012345000016', name: 'Pyrenol', markets: ['DE'] };

/** Transactions in order, one block each. */
const STEPS: readonly { readonly kind: KindName; readonly party: string; readonly parts: readonly Json[] }[] = [
  { kind: 'product', party: MAKER, parts: [PRODUCT] },
  { kind: 'product', party: MAKER, parts: [PRODUCT] },
  { kind: 'product', party: TRADER, parts: [{ ...PRODUCT, gtin: '04012345000017' }] },
  { kind: 'product', party: AUTHORITY, parts: [{ op: 'withdraw', gtin: '04012345000016', market: 'DE' }] },
  { kind: 'capture', party: MAKER, parts: captureParts([{}, { type: 'ObjectEvent' }]) },
  { kind: 'capture', party: MAKER, parts: captureParts([{}, {}], { onError: 'proceed' }) },
  { kind: 'capture', party: MAKER, parts: captureParts([{}], { onError: 'hope' }) },
  { kind: 'key', party: TRADER, parts: [{ op: 'revoke', keyId: keyIdOfParty(TRADER) }] },
  { kind: 'validators', party: AUTHORITY, parts: [{}] },
  { kind: 'rule', party: AUTHORITY, parts: [{}] },
];

function executionVectors(): unknown {
  const network = new SmallNetwork();
  const { state } = network;
  const entries = { [VALIDATORS_KEY]: state.get(VALIDATORS_KEY), [NETWORK_RULE_KEY]: state.get(NETWORK_RULE_KEY) };
  const genesis = { document: genesisJson(GENESIS), networkId: NETWORK_ID, entries, stateRoot: network.stateRoot() };
  const blocks = STEPS.map(({ kind, party, parts }) => {
    const transaction = network.sign(kind, party, parts);
    const receipts = network.block(transaction);
    return {
      height: network.height,
      timestamp: network.time,
      transaction: toHex(transaction.bytes),
      parts: parts.map((part) => canonicalJson(part)),
      receipts: JSON.parse(new TextDecoder().decode(encodeReceipts(receipts))) as Json,
      receiptRoot: receiptRoot(hasher, receipts),
      stateRoot: network.stateRoot(),
    };
  });
  return { genesis, blocks };
}

it('L9, L5.2: the golden vectors still hold', () => {
  const made = JSON.stringify(executionVectors(), undefined, 1) + '\n';
  if (process.env.CUSTOS_WRITE_VECTORS === '1') writeFileSync(FILE, made);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(made));
});
