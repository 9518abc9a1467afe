import { only, UsageError } from './arguments.js';
import type { Command } from './command.js';
import { backup, restore } from './network/backup.js';
import { bench } from './network/bench.js';
import { compose } from './network/compose.js';
import { conformance } from './network/conformance.js';
import { demo } from './network/demo.js';
import { dev } from './network/dev.js';
import { doctor } from './network/doctor.js';
import { epcis } from './gs1/epcis.js';
import { exportChain } from './chain/export-chain.js';
import { gs1 } from './gs1/gs1.js';
import { newKey } from './keys.js';
import { label } from './gs1/label.js';
import { verifyChain } from './chain/verify-chain.js';

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['demo', demo],
  ['dev', dev],
  ['bench', bench],
  ['conformance', conformance],
  ['epcis', epcis],
  ['gs1', gs1],
  ['label', label],
  ['compose', compose],
  ['export', exportChain],
  ['verify', verifyChain],
  ['key', newKey],
  ['doctor', doctor],
  ['backup', backup],
  ['restore', restore],
  ['help', { usage: '[COMMAND]', summary: 'how it is called; without a name, all of them', run: help }],
]);

/** What asks for a command's line wherever an option may stand. */
export const HELP: readonly string[] = ['--help', '-h'];

/** One line a command, or that of the named one. */
export async function help(args: readonly string[]): Promise<number> {
  const named = args.filter((arg) => !HELP.includes(arg));
  const name = named.length === 0 ? undefined : only(named, 'COMMAND');
  if (name !== undefined && !COMMANDS.has(name)) throw new UsageError(`no command ${name}`);
  for (const [known, { usage, summary }] of COMMANDS)
    if (name === undefined || name === known) console.log(`custos ${`${known} ${usage}`.padEnd(48)} ${summary}`);
  return 0;
}
