import { dirname, join } from 'node:path';
import { isJsonObject, type Json } from '@custos/core-bytes';
import { hashDocument } from '@custos/core-epcis';
import { nodeHasher } from '@custos/shell-node-crypto';
import { entriesOf, type Corpus, type Entry } from './corpus.js';
import { unreadReason } from './epcis-documents.js';
import { skipped, type Case, type Finding } from './suite.js';

/** Each event of a file has the hash that stands beside it, line by line; or all of them have one and the same. */
export function hashCases(corpus: Corpus, suite: string): readonly Case[] {
  return entriesOf(corpus, suite).map((entry) => ({
    name: entry.file,
    run: () => {
      const unread = unreadReason(entry);
      if (unread !== undefined) return skipped(unread);
      return entry.do === 'hash-equal' ? allEqual(corpus, entry) : likeThoseBeside(corpus, entry);
    },
  }));
}

/** Twins in JSON and XML whose hashes agree: the half of each that we read. */
export function pairCases(corpus: Corpus, suite: string): readonly Case[] {
  return corpus.entries
    .filter((entry) => entry.suite === suite)
    .flatMap(({ file }) => {
      const pairs = corpus.json(file);
      const list = pairs.ok && Array.isArray(pairs.value) ? (pairs.value as readonly Json[]) : [];
      return list.filter(isJsonObject).map(({ json, hashes }) => ({
        name: String(json),
        run: () => sameHashes(hashesOf(corpus, String(json)), (hashes as readonly string[]) ?? []),
      }));
    });
}

function likeThoseBeside(corpus: Corpus, { file, expect }: Entry): Finding {
  const lines = corpus.text(join(dirname(file), expect?.hashes ?? '')).split('\n');
  return sameHashes(
    hashesOf(corpus, file),
    lines.map((line) => line.trim()).filter((line) => line !== ''),
  );
}

function allEqual(corpus: Corpus, { file }: Entry): Finding {
  const hashes = hashesOf(corpus, file);
  return sameHashes(
    hashes,
    hashes.map(() => hashes[0]!),
  );
}

function sameHashes(ours: readonly string[], theirs: readonly string[]): Finding {
  const same = ours.length > 0 && JSON.stringify(ours) === JSON.stringify(theirs);
  return same ? { outcome: 'accepted' } : { outcome: 'refused', fault: `${ours.join(' ')}, not ${theirs.join(' ')}` };
}

function hashesOf(corpus: Corpus, file: string): readonly string[] {
  const json = corpus.json(file);
  const hashed = json.ok ? hashDocument(nodeHasher, json.value) : json;
  if (!hashed.ok) return [JSON.stringify(hashed.malformed)];
  return hashed.value.map((event) => ('hash' in event ? event.hash : JSON.stringify(event.malformed)));
}
