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

/** A receipt with its proof under the block's receiptRoot. */
interface ProvenReceipt {
  readonly receipt: Receipt;
  /** The proof under receiptRoot (L3.2). */
  readonly proof: InclusionProof;
}

/**
 * The proof that a final block holds a transaction, with the receipts of the law. A partner's 201 answer carries it.
 */
export interface TransactionInclusion extends ProvenHeader {
  /** The head of the transaction with its signatures. */
  readonly head: Uint8Array;
  /** The proof of the head under transactionRoot. */
  readonly transaction: InclusionProof;
  /** One receipt for each event of a capture, in their order; else one. */
  readonly receipts: readonly ProvenReceipt[];
}

/** A block with its receipts and its certificate, from which proofs are made. */
export interface InclusionSource {
  readonly block: Block;
  /** All receipts of the block, in order. */
  readonly receipts: readonly Receipt[];
  /** Headers after the block up to the certified one, oldest first. */
  readonly above: readonly BlockHeader[];
  /** Encoded Finalize certificate. */
  readonly certificate: Uint8Array;
}

/**
 * Returns a function that proves a transaction of the block by its id, or returns undefined for an id that the block
 * does not hold. Both trees are hashed once, in this call.
 */
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

/** Returns the JSON form of an inclusion: bytes as lower-case hex, receipts as they lie under receiptRoot. */
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

/**
 * Parses the JSON form of an inclusion from an untrusted source. Does not check whether it proves anything:
 * {@link verifyTransactionInclusion} does.
 */
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

/**
 * The result of verifying an inclusion. It proves nothing until the caller has verified every signature of `checks`.
 */
export interface IncludedTransaction {
  readonly checks: readonly SignatureCheck[];
  readonly header: BlockHeader;
  readonly txId: Digest;
  readonly receipts: readonly Receipt[];
}

/**
 * Verifies all hashes, links and the quorum of an inclusion (L7.2). Receipts that are not shown are not proved. Refuses
 * RECEIPT_UNRELATED, PROOF_WRONG, and the codes of {@link checkProvenHeader}. The caller verifies the signatures.
 */
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
