import type { JsonObject } from '@custos/core-bytes';
import { answerJson, MAX_ANSWER_LEAVES } from '@custos/core-chain';
import { Problem } from '@custos/shell-process';
import type { Assembly } from '../assemble.js';

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
    const entry = chain.entry(key);
    return { key, value: entry?.value, private: entry?.private, summary: entry?.summary };
  });
  return { height, hash: ownHash, timestamp, leaves };
}

/** Returns the public parts with their proof (L7.2) as JSON; undefined while block 0 is the head. */
export function provenLeaves({ chain }: Assembly, keys: readonly string[]): JsonObject | undefined {
  const bundle = chain.prove(keys);
  return bundle && answerJson(bundle);
}
