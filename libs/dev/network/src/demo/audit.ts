import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Network } from '../network.js';
import type { Stage } from '../stage.js';
import { UnexpectedOutcome } from './narration.js';

export interface Audit {
  /** The checkout (or image), whose commands are run. */
  readonly root: string;
  readonly genesisFile: string;
  /** Key of a member: blocks are for members. */
  readonly keyFile: string;
  /** Where the chain file goes. */
  readonly file: string;
}

/** Exports the chain of the reader's validator and replays it, by the commands that an auditor would use. */
export function auditChain(stage: Stage, { root, genesisFile, keyFile, file }: Audit): string {
  const genesis = ['--genesis', genesisFile];
  custos(root, [
    'export',
    '--from',
    stage.validatorUrl(stage.topology.reader),
    ...genesis,
    '--key',
    keyFile,
    '--out',
    file,
  ]);
  return custos(root, ['verify', file, ...genesis]);
}

/** The same on a network of this machine, with the reader's key. */
export function auditNetwork(network: Network, root: string, file: string): string {
  const { genesisFile, partyKeyFile } = network.state;
  return auditChain(network, { root, genesisFile, keyFile: partyKeyFile(network.topology.reader), file });
}

function custos(root: string, args: readonly string[]): string {
  const script = join(root, 'apps', 'cli', 'dist', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new UnexpectedOutcome(`custos ${args.join(' ')} ended with ${status}`, stdout + stderr);
  return stdout.trimEnd();
}
