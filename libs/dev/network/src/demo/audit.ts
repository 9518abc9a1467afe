import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Network } from '../network.js';
import { UnexpectedOutcome } from './narration.js';

/** Exports the chain of the regulator's validator and replays it, by the commands that an auditor would use. */
export function auditChain(network: Network, root: string, file: string): string {
  const genesis = ['--genesis', network.state.genesisFile];
  const key = ['--key', network.state.partyKeyFile('regulator')];
  custos(root, ['export', '--from', network.validatorUrl('regulator'), ...genesis, ...key, '--out', file]);
  return custos(root, ['verify', file, ...genesis]);
}

function custos(root: string, args: readonly string[]): string {
  const script = join(root, 'apps', 'cli', 'dist', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new UnexpectedOutcome(`custos ${args.join(' ')} ended with ${status}`, stdout + stderr);
  return stdout.trimEnd();
}
