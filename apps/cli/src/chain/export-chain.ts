import { open, rename } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { endScan, networkIdOf, scanChunk, SCAN_START } from '@custos/core-chain';
import type { Digest, Signer } from '@custos/core-crypto';
import { memberClient } from '@custos/shell-member-client';
import { fileSigner, nodeHasher } from '@custos/shell-node-crypto';
import { orUsage, required, UsageError } from '../arguments.js';
import type { Command } from '../command.js';
import { readGenesisFile } from './genesis-file.js';

/** Milliseconds that one answer of a validator may take. */
const ANSWER_LIMIT_MS = 30_000;

export const exportChain: Command = {
  usage: '--from URL --genesis GENESIS --key FILE --out FILE',
  summary: "write a validator's chain, blocks and finality records, into a file; blocks are for members",
  async run(args) {
    const text = { type: 'string' } as const;
    const { values } = orUsage(() =>
      parseArgs({ args: [...args], options: { from: text, genesis: text, key: text, out: text } }),
    );
    const out = required(values.out, '--out');
    const blocks = await exportTo(out, {
      url: required(values.from, '--from'),
      networkId: networkOf(required(values.genesis, '--genesis')),
      signer: await fileSigner(required(values.key, '--key')),
    });
    console.log(`${blocks} blocks in ${out}`);
    return 0;
  },
};

interface Source {
  readonly url: string;
  readonly networkId: Digest;
  readonly signer: Signer;
}

function networkOf(file: string): Digest {
  const genesis = readGenesisFile(file);
  if (genesis instanceof Error) throw new UsageError(`--genesis: ${genesis.message}`);
  return networkIdOf(nodeHasher, genesis);
}

/** A file of that name is whole or absent: the chain is written beside it and renamed at the end. */
async function exportTo(out: string, { url, networkId, signer }: Source): Promise<number> {
  const client = memberClient(url, { networkId, signer, now: Date.now }, ANSWER_LIMIT_MS);
  const partial = `${out}.partial`;
  const file = await open(partial, 'w', 0o600);
  let next = 0;
  try {
    for (;;) {
      const answer = await client.pieces(next);
      const { pieces, scan } = scanChunk(SCAN_START, answer);
      const whole = endScan(scan);
      if (!whole.ok) throw new Error(`${url} sent ${whole.malformed.fix}`);
      const blocks = pieces.filter(({ type }) => type === 'block').length;
      if (blocks === 0) break;
      await file.write(answer);
      next += blocks;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, out);
  return next;
}
