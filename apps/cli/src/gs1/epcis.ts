import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { malformed, parseJson, parsed, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { hashDocument } from '@custos/core-epcis';
import { nodeHasher } from '@custos/shell-node-crypto';
import { orUsage, UsageError } from '../arguments.js';
import type { Command } from '../command.js';

/** Larger than any document that a service takes in. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What is said of one file: lines, and whether all of it is right. */
interface Said {
  readonly lines: readonly JsonObject[];
  readonly right: boolean;
}

const SAYINGS: Readonly<Record<string, (file: string, json: Parsed<Json>) => Said>> = { hash, validate };

export const epcis: Command = {
  usage: 'hash|validate [FILE...]',
  summary: 'hash the events of documents, or say what is wrong with them; no FILE: standard input',
  async run(args) {
    const { positionals } = orUsage(() => parseArgs({ args: [...args], options: {}, allowPositionals: true }));
    const [name = '', ...files] = positionals;
    const say = Object.hasOwn(SAYINGS, name) ? SAYINGS[name] : undefined;
    if (!say) throw new UsageError('say "hash" or "validate"');
    let right = true;
    for (const file of files.length === 0 ? ['-'] : files) {
      const said = say(file, await readDocument(file));
      for (const line of said.lines) console.log(JSON.stringify(line));
      right &&= said.right;
    }
    return right ? 0 : 1;
  },
};

/** An event a line: its place, its id, its hash; or what is wrong with it. */
function hash(file: string, json: Parsed<Json>): Said {
  const hashed = json.ok ? hashDocument(nodeHasher, json.value) : json;
  if (!hashed.ok) return { lines: [{ file, ...hashed.malformed }], right: false };
  const lines = hashed.value.map((event): JsonObject => {
    if ('malformed' in event) return { file, at: event.at, ...event.malformed };
    return { file, at: event.at, eventID: event.event.eventID ?? null, hash: event.hash };
  });
  return { lines, right: hashed.value.every((event) => 'hash' in event) };
}

/** A document a line: whether it is valid, and each fault with its place and what to send instead. */
function validate(file: string, json: Parsed<Json>): Said {
  const hashed = json.ok ? hashDocument(nodeHasher, json.value) : json;
  const faults = hashed.ok
    ? hashed.value.flatMap((event) => ('malformed' in event ? [{ ...event.malformed }] : []))
    : [{ ...hashed.malformed }];
  const right = faults.length === 0;
  return { lines: [{ file, valid: right, events: hashed.ok ? hashed.value.length : 0, faults }], right };
}

async function readDocument(file: string): Promise<Parsed<Json>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > MAX_BYTES) return malformed('TOO_LARGE', '', `send at most ${MAX_BYTES} bytes`);
    }
  } catch (error) {
    return malformed('FILE_UNREADABLE', '', (error as Error).message);
  }
  const json = parseJson(new Uint8Array(Buffer.concat(chunks)));
  return json.ok ? parsed(json.value) : json;
}
