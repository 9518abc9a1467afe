import { malformed, parsed, type Malformed, type Parsed } from '@custos/core-bytes';
import {
  checkParent,
  decodePiece,
  DUPLICATE_WINDOW_MS,
  finalisedBy,
  genesisBlock,
  networkIdOf,
  receiptRoot,
  refuseAt,
  transactionChecks,
  type Block,
  type BlockHeader,
  type ChainItem,
  type ChainPiece,
  type Genesis,
  type Transaction,
} from '@custos/core-chain';
import { digestBytes, ZERO_DIGEST, type Digest, type Hasher, type VerifySignatures } from '@custos/core-crypto';
import { entryWrites, execute, genesisEntries, stateWrites } from '@custos/core-execution';
import { certificateChecks, leaderOf, leaderOrder, makeValidatorSet } from '@custos/core-finality';
import { appendToEdge, EMPTY_EDGE, EMPTY_TREE, edgeRoot, StateTree } from '@custos/core-merkle';
import { mapView, registry, type Entry } from '@custos/core-registry';

/** What a replay found, as far as it came. */
export interface ReplayReport {
  readonly height: number;
  readonly stateRoot: Digest;
  readonly transactions: number;
  readonly accepted: number;
  readonly refused: number;
  readonly certificates: number;
}

/** Replays a chain from nothing but its genesis: every root, signature and certificate is computed again (L8). */
export interface Replay {
  /** The next block or finality record of the file; the first thing that is wrong, with its offset. */
  take(piece: ChainPiece): Promise<Parsed<undefined>>;
  /** Whether the chain may end here: a block without its record is not final. */
  end(): Parsed<ReplayReport>;
}

export function startReplay(genesis: Genesis, hasher: Hasher, verify: VerifySignatures): Parsed<Replay> {
  const known = genesisEntries(hasher, genesis);
  if (!known.ok) return known;
  const entries = new Map<string, Entry>(known.value);
  const networkId = networkIdOf(hasher, genesis);
  const validators = makeValidatorSet(hasher, genesis.validators);
  const tree = new StateTree(hasher);
  let root = tree.apply(EMPTY_TREE, entryWrites(entries));
  const first = genesisBlock(hasher, genesis, tree.rootHash(root));
  const leaders = leaderOrder(hasher, first.header.ownHash, validators);
  let edge = EMPTY_EDGE;
  let head: BlockHeader | undefined;
  let finalHeight = 0;
  const counts = { transactions: 0, accepted: 0, refused: 0, certificates: 0 };
  /** Of blocks within the duplicate window, oldest first (L2.5). */
  const recentIds = new Map<Digest, number>();

  async function takeBlock(block: Block): Promise<Parsed<undefined>> {
    const { header } = block;
    if (!head) {
      if (header.ownHash !== first.header.ownHash)
        return malformed('GENESIS_WRONG', '', 'begin with block 0 of this genesis');
    } else {
      const problem = checkParent(header, head);
      if (!problem.ok) return problem;
      const proposer = leaderOf(leaders, header.view);
      if (header.proposer !== proposer)
        return malformed('PROPOSER_WRONG', '/proposer', `validator ${proposer} leads view ${header.view}`);
      const executed = await runBlock(block);
      if (!executed.ok) return executed;
    }
    edge = appendToEdge(hasher, edge, digestBytes(header.ownHash));
    head = header;
    return parsed(undefined);
  }

  async function runBlock({ header, transactions }: Block): Promise<Parsed<undefined>> {
    // L3.3: the validators of genesis stay, so there is one epoch and no block names the next ones.
    if (header.epoch !== 0) return malformed('EPOCH_WRONG', '/epoch', 'stay in epoch 0');
    if (header.nextValidatorsHash !== ZERO_DIGEST)
      return malformed('NEXT_VALIDATORS_WRONG', '/nextValidatorsHash', 'state 32 zero bytes');
    if (edgeRoot(hasher, edge) !== header.historyRoot) return wrongRoot('historyRoot');
    for (const [id, timestamp] of recentIds) {
      if (timestamp >= header.timestamp - DUPLICATE_WINDOW_MS) break;
      recentIds.delete(id);
    }
    for (const [i, { id }] of transactions.entries()) {
      if (recentIds.has(id)) return malformed('TRANSACTION_REPEATED', `/transactions/${i}`, 'hold a transaction once');
      recentIds.set(id, header.timestamp);
    }
    const executed = execute(mapView(entries), { ...header, transactions }, hasher, networkId);
    if (!executed.ok) return executed;
    if (receiptRoot(hasher, executed.receipts) !== header.receiptRoot) return wrongRoot('receiptRoot');
    const next = tree.apply(root, stateWrites(executed.changes));
    tree.release(root);
    root = next;
    if (tree.rootHash(root) !== header.stateRoot) return wrongRoot('stateRoot');
    for (const { key, after } of executed.changes) {
      if (after) entries.set(key, after);
      else entries.delete(key);
    }
    const checked = await checkSignatures(transactions);
    if (!checked.ok) return checked;
    counts.transactions += transactions.length;
    for (const { outcome } of executed.receipts) counts[outcome]++;
    return parsed(undefined);
  }

  // L5.1: a key counts from where it was enrolled, which may lie within the block. Execution found every signer
  // active at its place, so the keys of the state after the block are the ones to verify with.
  async function checkSignatures(transactions: readonly Transaction[]): Promise<Parsed<undefined>> {
    const keyOf = (keyId: Digest) => registry(mapView(entries)).keyRecord(keyId)?.publicKey;
    for (const [i, transaction] of transactions.entries()) {
      const checks = transactionChecks(networkId, transaction, keyOf);
      if (!checks.ok) return checks;
      if (!(await verify(checks.value)))
        return malformed('SIGNATURE_WRONG', `/transactions/${i}`, 'a signature does not verify');
    }
    return parsed(undefined);
  }

  async function takeRecord({ record }: Extract<ChainItem, { type: 'record' }>): Promise<Parsed<undefined>> {
    const target = finalisedBy(hasher, record);
    if (!target.ok) return target;
    if (target.value !== head?.ownHash)
      return malformed('CERTIFICATE_UNRELATED', '', 'a record follows the blocks that it makes final');
    for (const certificate of [record.finalize, ...record.certificates]) {
      const checks = certificateChecks(networkId, validators, certificate);
      if (!checks.ok) return checks;
      if (!(await verify(checks.value)))
        return malformed('SIGNATURE_WRONG', `/views/${certificate.view}`, 'a signature does not verify');
      counts.certificates++;
    }
    finalHeight = head.height;
    return parsed(undefined);
  }

  return parsed({
    async take(piece) {
      const item = decodePiece(hasher, networkId, validators.size, piece);
      if (!item.ok) return item;
      const taken = item.value.type === 'block' ? await takeBlock(item.value.block) : await takeRecord(item.value);
      return taken.ok ? taken : refuseAt(taken.malformed, piece.offset);
    },
    end() {
      if (!head) return malformed('EMPTY', '@0', 'a chain file begins with block 0');
      if (finalHeight !== head.height)
        return malformed('NOT_FINAL', `/height/${head.height}`, 'end with a finality record');
      return parsed({ height: head.height, stateRoot: head.stateRoot, ...counts });
    },
  });
}

function wrongRoot(name: 'historyRoot' | 'receiptRoot' | 'stateRoot'): Parsed<never> {
  return malformed('ROOT_WRONG', `/${name}`, `the block states another ${name} than a replay gives`);
}

export function sentence({ code, field, fix }: Malformed): string {
  return `${code} at ${field}: ${fix}`;
}
