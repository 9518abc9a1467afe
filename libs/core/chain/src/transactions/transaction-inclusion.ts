import {
  attempt,
  closedObjectOf,
  hexOf,
  listOf,
  orReject,
  reject,
  toHex,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import type { Digest, Hasher, SignatureCheck } from '@custos/core-crypto';
import { verifyInclusion, type InclusionProof } from '@custos/core-merkle';
import type { Block } from '../blocks/block.js';
import { encodeHeader, type BlockHeader } from '../blocks/header.js';
import { inclusionJson, inclusionProofs, parseInclusion } from './inclusion.js';
import { checkHead, headId } from '../proofs/light-client.js';
import { MAX_EVENTS, MAX_HEAD_BYTES } from '../limits.js';
import {
  checkProvenHeader,
  PROVEN_HEADER_MEMBERS,
  provenHeaderJson,
  readProvenHeader,
  type ProvenHeader,
  type Trust,
} from '../proofs/proven-header.js';
import { parseReceipt, receiptJson, receiptLeaf, type Receipt } from './receipt.js';
import { decodeHead } from './transaction-codec.js';

export interface ProvenReceipt {
  readonly receipt: Receipt;
  /** Under receiptRoot. */
  readonly proof: InclusionProof;
}

/** That a final block holds a transaction, and what the law said: the proof in a partner's 201 answer. */
export interface TransactionInclusion extends ProvenHeader {
  /** Head with signatures. */
  readonly head: Uint8Array;
  /** Of the head under transactionRoot. */
  readonly transaction: InclusionProof;
  /** One per event of a capture, else one; in their order. */
  readonly receipts: readonly ProvenReceipt[];
}

export interface InclusionSource {
  readonly block: Block;
  /** All receipts of the block, in order. */
  readonly receipts: readonly Receipt[];
  /** Headers after the block up to the certified one, oldest first. */
  readonly above: readonly BlockHeader[];
  /** Encoded Finalize certificate. */
  readonly certificate: Uint8Array;
}

/** Proves any transaction of one block; both trees are hashed once, here, not per proof. */
export function inclusionsOf(
  hasher: Hasher,
  source: InclusionSource,
): (txId: Digest) => TransactionInclusion | undefined {
  const { block, receipts, certificate } = source;
  const proven: ProvenHeader = {
    header: encodeHeader(block.header),
    above: source.above.map(encodeHeader),
    certificate,
  };
  const places = new Map(block.transactions.map(({ id }, i) => [id, i]));
  const proveHead = inclusionProofs(
    hasher,
    block.transactions.map(({ headBytes }) => headBytes),
  );
  const proveReceipt = inclusionProofs(hasher, receipts.map(receiptLeaf));
  const receiptPlaces = new Map<Digest, number[]>();
  for (const [i, { txId }] of receipts.entries()) {
    const at = receiptPlaces.get(txId);
    if (at) at.push(i);
    else receiptPlaces.set(txId, [i]);
  }
  return (txId) => {
    const index = places.get(txId);
    if (index === undefined) return undefined;
    return {
      ...proven,
      head: block.transactions[index]!.headBytes,
      transaction: proveHead(index),
      receipts: (receiptPlaces.get(txId) ?? []).map((i) => ({ receipt: receipts[i]!, proof: proveReceipt(i) })),
    };
  };
}

/** The JSON shape: bytes as lower-case hex, receipts as they are under receiptRoot. */
export function transactionInclusionJson(inclusion: TransactionInclusion): JsonObject {
  return {
    ...provenHeaderJson(inclusion),
    head: toHex(inclusion.head),
    transaction: inclusionJson(inclusion.transaction),
    receipts: inclusion.receipts.map(({ receipt, proof }) => ({
      receipt: receiptJson(receipt),
      proof: inclusionJson(proof),
    })),
  };
}

/** Total. */
export function parseTransactionInclusion(json: Json): Parsed<TransactionInclusion> {
  return attempt(() => {
    const document = closedObjectOf(json, '', [...PROVEN_HEADER_MEMBERS, 'head', 'transaction', 'receipts']);
    return {
      ...readProvenHeader(document, ''),
      head: hexOf(document.head, '/head', MAX_HEAD_BYTES),
      transaction: orReject(parseInclusion(document.transaction, '/transaction')),
      receipts: listOf(document.receipts, '/receipts', MAX_EVENTS).map((item, i) => {
        const { receipt, proof } = closedObjectOf(item, `/receipts/${i}`, ['receipt', 'proof']);
        return {
          receipt: orReject(parseReceipt(receipt, `/receipts/${i}/receipt`)),
          proof: orReject(parseInclusion(proof, `/receipts/${i}/proof`)),
        };
      }),
    };
  });
}

/** What an inclusion proves once every check of `checks` verified. */
export interface IncludedTransaction {
  readonly checks: readonly SignatureCheck[];
  readonly header: BlockHeader;
  readonly txId: Digest;
  readonly receipts: readonly Receipt[];
}

/** Everything of an inclusion that hashes can say. Total. Receipts that are not shown are not proved. */
export function verifyTransactionInclusion(
  hasher: Hasher,
  trust: Trust,
  inclusion: TransactionInclusion,
): Parsed<IncludedTransaction> {
  return attempt(() => {
    const { header, checks } = checkProvenHeader(hasher, trust, inclusion);
    const head = orReject(decodeHead(inclusion.head));
    checkHead(hasher, header, inclusion.head, inclusion.transaction, '/transaction');
    const txId = headId(hasher, trust.networkId, inclusion.head, head);
    const receipts = inclusion.receipts.map(({ receipt, proof }, i) => {
      const field = `/receipts/${i}`;
      if (receipt.txId !== txId) reject('RECEIPT_UNRELATED', field, `show receipts of ${txId}`);
      if (!verifyInclusion(hasher, receiptLeaf(receipt), proof, header.receiptRoot))
        reject('PROOF_WRONG', `${field}/proof`, "prove the receipt under the header's receiptRoot");
      return receipt;
    });
    return { checks, header, txId, receipts };
  });
}
