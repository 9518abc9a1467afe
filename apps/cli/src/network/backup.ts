import { createReadStream } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileSigner, nodeVerify } from '@custos/shell-node-crypto';
import { backUpOwn, linesOf, openPostgres, restoreOwn } from '@custos/shell-postgres';
import { only, orUsage, required } from '../arguments.js';
import type { Command } from '../command.js';

const options = { postgres: { type: 'string' }, key: { type: 'string' } } as const;

/** Address of the service's database: from the option, else where the service itself reads it. */
function openDatabase(url: string | undefined) {
  const address = required(url ?? process.env.CUSTOS_POSTGRES, '--postgres');
  return openPostgres({ url: address, connections: 1, applicationName: 'custos-backup' });
}

/** The party's key: from the option, else where the service itself reads it. */
function openKey(file: string | undefined) {
  return fileSigner(required(file ?? process.env.CUSTOS_KEY_FILE, '--key'));
}

export const backup: Command = {
  usage: '--out FILE [--postgres URL] [--key FILE]',
  summary: "write what a service alone knows (schema own) to a file signed with the party's key; it may run meanwhile",
  async run(args) {
    const { values } = orUsage(() => parseArgs({ args: [...args], options: { ...options, out: { type: 'string' } } }));
    const path = required(values.out, '--out');
    const signer = await openKey(values.key);
    const postgres = openDatabase(values.postgres);
    // Never over a file: it may be the only good backup.
    const file = await open(path, 'wx', 0o600);
    try {
      const rows = await backUpOwn(postgres, signer, async (line) => void (await file.write(line)));
      await file.sync();
      console.log(`${rows} rows in ${path}`);
      return 0;
    } catch (error) {
      // Half a backup is none.
      await unlink(path);
      throw error;
    } finally {
      await file.close();
      await postgres.close();
    }
  },
};

export const restore: Command = {
  usage: 'FILE [--postgres URL] [--key FILE]',
  summary: 'put a backup that the same key signed into the empty tables of a stopped service',
  async run(args) {
    const { values, positionals } = orUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
    const file = only(positionals, 'FILE');
    const { keyId, publicKey } = await openKey(values.key);
    const owner = { keyId, publicKey, verify: nodeVerify };
    const postgres = openDatabase(values.postgres);
    try {
      const rows = await restoreOwn(postgres, owner, () => linesOf(createReadStream(file, 'utf8')));
      console.log(`${rows} rows restored; start the service, it follows the chain from there`);
      return 0;
    } finally {
      await postgres.close();
    }
  },
};
