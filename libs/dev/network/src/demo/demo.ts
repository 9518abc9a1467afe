import { join } from 'node:path';
import { NetworkRuns, startNetwork, type Network } from '../network.js';
import type { Stage } from '../stage.js';
import { savedTokens, savedTopology } from '../state-directory.js';
import { demoTopology } from './demo-topology.js';
import { memberOf } from '../topology.js';
import { addressLines, curlLine } from './addresses-shown.js';
import { auditNetwork } from './audit.js';
import type { Goods } from './goods.js';
import { milliseconds, terminalNarrator, UnexpectedOutcome, type Narrator } from './narration.js';
import { makeStock, stockCommands } from './stock.js';
import { playLife } from './story.js';

/** Exit status of a command that the user stopped, as a shell has it for SIGINT. */
const INTERRUPTED = 130;

export interface DemoOptions {
  readonly root: string;
  readonly directory: string;
  readonly portBase: number;
  /** Stop after the story instead of staying up. */
  readonly once: boolean;
  readonly reset: boolean;
  /** The command line that starts the same network again. */
  readonly again: string;
  /** When the command was given, milliseconds since 1970. */
  readonly startedAt: number;
  readonly write: (line: string) => void;
  /** Resolves when the user wants to stop. */
  readonly interrupted: Promise<void>;
}

/**
 * Starts the network, tells the story, verifies the chain file; returns the exit status. Where a network of this folder
 * runs already it prints the addresses and leaves all as it is.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { write, directory, root } = options;
  const since = () => `${((Date.now() - options.startedAt) / 1000).toFixed(1).padStart(6)} s  `;
  const topology = demoTopology(options.portBase);
  const log = (line: string) => write(since() + line);
  const interrupt = new AbortController();
  void options.interrupted.then(() => interrupt.abort());
  const { signal } = interrupt;
  let network: Network;
  try {
    network = await startNetwork({ topology, directory, root, reset: options.reset, log, signal });
  } catch (error) {
    if (error instanceof NetworkRuns) return printRunning(options);
    if (signal.aborted) return INTERRUPTED;
    throw error;
  }
  try {
    log('the network is up');
    const ended = await Promise.race([tell(network, options), options.interrupted.then(() => 'interrupted' as const)]);
    if (ended === 'interrupted') return INTERRUPTED;
    write(`\n${since()}every step came out as it should`);
    if (options.once) return 0;
    printAddresses(network, ended, options);
    await options.interrupted;
    return 0;
  } catch (error) {
    if (!(error instanceof UnexpectedOutcome)) throw error;
    write(`\nA step came out wrong. ${error.message}`);
    return 1;
  } finally {
    write(`${since()}stopping`);
    await network.stop();
  }
}

/** Prints where the network of this folder is found, which another command has started. */
export function printRunning({ directory, write }: Pick<DemoOptions, 'directory' | 'write'>): number {
  const [topology, tokens] = [savedTopology(directory), savedTokens(directory)];
  write(
    `The network of ${directory} runs already${topology && tokens ? '; here are its addresses:' : ' or begins to.'}`,
  );
  if (!topology || !tokens) return 0;
  for (const line of addressLines(topology, tokens)) write(`   ${line}`);
  write('\nWhat the manufacturer has:');
  write(`   ${curlLine(topology, tokens, memberOf(topology, 'manufacturer'), '/inventory')}`);
  return 0;
}

function tell(network: Network, { write, root, directory }: DemoOptions): Promise<Goods> {
  return tellAll(network, terminalNarrator(write), () => auditNetwork(network, root, join(directory, 'chain.custos')));
}

/** The whole story on any stage, the auditor's part at its end; returns what it leaves in stock. */
export async function tellAll(stage: Stage, narrator: Narrator, audit: () => string): Promise<Goods> {
  const { finality } = await playLife(stage, narrator);
  narrator.step(9, 'An auditor replays the chain file from nothing');
  narrator.line(audit().replaceAll('\n', '\n   '));
  const sorted = [...finality].sort((a, b) => a - b);
  narrator.line(
    `${sorted.length} tasks; median from request to final answer ${milliseconds(sorted[sorted.length >> 1]!)}`,
  );
  return makeStock(stage, narrator, 10);
}

function printAddresses({ topology, state, servers }: Network, stock: Goods, options: DemoOptions): void {
  const { write, again } = options;
  write('\nThe network stays up; Ctrl-C stops it.');
  for (const line of addressLines(topology, state.tokens)) write(`   ${line}`);
  write(`   Lanes ${servers.lanes}, Postgres ${servers.postgres}`);
  for (const [about, line] of stockCommands(topology, state.tokens, stock)) write(`\n${about}:\n   ${line}`);
  write('\nThis starts it again, with the chain, the keys and the tokens that it has:');
  write(`   ${again}`);
}
