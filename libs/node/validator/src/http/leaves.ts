import type { JsonObject } from '@custos/core-bytes';
import { answerJson, encodeHeader, MAX_ANSWER_LEAVES, type ProvenLeaf } from '@custos/core-chain';
import { decodeFinalityRecord, encodeCertificate } from '@custos/core-finality';
import { encodeStateProof } from '@custos/core-merkle';
import { orReject } from '@custos/core-bytes';
import { Problem } from '@custos/shell-process';
import type { Assembly } from '../assemble.js';
import type { Network } from '../network.js';

/** Keys asked for, each once, in the order of the question. @throws Problem for none, or too many. */
export function leafKeys(query: Readonly<Record<string, unknown>>): readonly string[] {
  const listed = textsOf(query.keys).flatMap((text) => text.split(','));
  const keys = [...new Set([...listed, ...textsOf(query.key)])].filter((key) => key !== '');
  if (keys.length > 0 && keys.length <= MAX_ANSWER_LEAVES) return keys;
  const fix = `send 1 to ${MAX_ANSWER_LEAVES} state keys, as key=… for each`;
  throw new Problem({ status: 400, code: 'KEYS_INVALID', title: 'The keys cannot be read', field: 'keys', fix });
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string');
}

/** For members: entries after the last final block, private parts included, without proof. */
export function membersLeaves({ chain }: Assembly, keys: readonly string[]): JsonObject {
  const { height, ownHash, timestamp } = chain.head.block.header;
  const leaves = keys.map((key): JsonObject => {
    const entry = chain.parts.store.entry(key);
    return { key, value: entry?.value, private: entry?.private, summary: entry?.summary };
  });
  return { height, hash: ownHash, timestamp, leaves };
}

/**
 * L7.2: public parts under the stateRoot of the last final block, with its certificate: an `AnswerBundle` in
 * JSON. Undefined while block 0 is the head, which no certificate covers.
 */
export function provenLeaves({ chain }: Assembly, { set }: Network, keys: readonly string[]): JsonObject | undefined {
  const { store, tree } = chain.parts;
  const { block, root } = chain.head;
  const record = store.recordFor(block.header.height);
  if (!record) return undefined;
  // The head is the last block of its run, so the record's certificate is its own.
  const { finalize } = orReject(decodeFinalityRecord(record.bytes, set.size));
  const leaves = keys.map((key): ProvenLeaf => {
    const value = store.entry(key)?.value;
    return { key, ...(value && { value }), proof: encodeStateProof(tree.prove(root, key)) };
  });
  const certificate = encodeCertificate(finalize, set.size);
  return answerJson({ header: encodeHeader(block.header), above: [], certificate, leaves, events: [] });
}
