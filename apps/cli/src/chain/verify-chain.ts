import { createReadStream } from 'node:fs';
import type { Malformed } from '@custos/core-bytes';
import { endScan, scanChunk, SCAN_START } from '@custos/core-chain';
import { startReplay, type ReplayReport } from '@custos/core-execution';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { parseArgs } from 'node:util';
import { only, orUsage, required, UsageError } from '../arguments.js';
import type { Command } from '../command.js';
import { readGenesisFile } from './genesis-file.js';

export const verifyChain: Command = {
  usage: 'FILE --genesis GENESIS',
  summary: 'replay a chain file from nothing; report the first byte that is wrong',
  async run(args) {
    const { values, positionals } = orUsage(() =>
      parseArgs({ args: [...args], options: { genesis: { type: 'string' } }, allowPositionals: true }),
    );
    const file = only(positionals, 'FILE');
    const begun = performance.now();
    const report = await verifyFile(file, required(values.genesis, '--genesis'));
    if (typeof report === 'string') {
      console.error(`${file}: ${report}`);
      return 1;
    }
    const took = Math.round(performance.now() - begun);
    const { height, transactions, accepted, refused, certificates, stateRoot } = report;
    console.log(`${file}: right from block 0 to ${height}, replayed in ${took} ms`);
    console.log(
      `${transactions} transactions, ${accepted} receipts accepted, ${refused} refused, ${certificates} certificates`,
    );
    console.log(`state root ${stateRoot}`);
    return 0;
  },
};

/** Replays a chain file. Returns the report, or the first fault as a sentence. */
export async function verifyFile(file: string, genesisFile: string): Promise<ReplayReport | string> {
  const genesis = readGenesisFile(genesisFile);
  if (genesis instanceof Error) throw new UsageError(`--genesis: ${genesis.message}`);
  const replay = startReplay(genesis, nodeHasher, nodeVerify);
  if (!replay.ok) return sentence(replay.malformed);
  let scan = SCAN_START;
  for await (const chunk of createReadStream(file)) {
    const step = scanChunk(scan, new Uint8Array(chunk as Buffer));
    for (const piece of step.pieces) {
      const taken = await replay.value.take(piece);
      if (!taken.ok) return sentence(taken.malformed);
    }
    if (step.malformed) return sentence(step.malformed);
    scan = step.scan;
  }
  const whole = endScan(scan);
  if (!whole.ok) return sentence(whole.malformed);
  const end = replay.value.end();
  return end.ok ? end.value : sentence(end.malformed);
}

function sentence({ code, field, fix }: Malformed): string {
  return `${code} at ${field}: ${fix}`;
}
