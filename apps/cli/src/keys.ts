import { existsSync } from 'node:fs';
import { generatePrivateKey, saveKeyFile, signerFromPrivateKey } from '@custos/shell-node-crypto';
import { parseArgs } from 'node:util';
import { only, orUsage, required, UsageError } from './arguments.js';
import type { Command } from './command.js';

export const newKey: Command = {
  usage: 'new --out FILE',
  summary: 'make a P-256 key, readable by its owner only, and print what is public of it',
  async run(args) {
    const { values, positionals } = orUsage(() =>
      parseArgs({ args: [...args], options: { out: { type: 'string' } }, allowPositionals: true }),
    );
    if (only(positionals, 'new') !== 'new') throw new UsageError('say "new"');
    const file = required(values.out, '--out');
    if (existsSync(file)) throw new UsageError(`${file} exists: a key is never overwritten`);
    const privateKey = generatePrivateKey();
    await saveKeyFile(file, privateKey);
    const { keyId, publicKey } = signerFromPrivateKey(privateKey);
    console.log(JSON.stringify({ keyId, publicKey }));
    return 0;
  },
};
