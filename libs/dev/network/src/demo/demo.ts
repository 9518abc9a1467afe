import { join } from 'node:path';
import { startNetwork, type Network } from '../network.js';
import type { Stage } from '../stage.js';
import { demoTopology } from '../topology.js';
import { auditNetwork } from './audit.js';
import { milliseconds, table, terminalNarrator, UnexpectedOutcome, type Narrator } from './narration.js';
import { playLife } from './story.js';

export interface DemoOptions {
  readonly root: string;
  readonly directory: string;
  readonly portBase: number;
  /** Stop after the story instead of staying up. */
  readonly once: boolean;
  readonly reset: boolean;
  /** When the command was given, milliseconds since 1970. */
  readonly startedAt: number;
  readonly write: (line: string) => void;
  /** Resolves when the user wants to stop. */
  readonly interrupted: Promise<void>;
}

/** Starts the network, tells the story, verifies the chain file; returns the exit status. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { write, directory, root } = options;
  const since = () => `${((Date.now() - options.startedAt) / 1000).toFixed(1).padStart(6)} s  `;
  const topology = demoTopology(options.portBase);
  const log = (line: string) => write(since() + line);
  const network = await startNetwork({ topology, directory, root, reset: options.reset, log });
  try {
    log('the network is up');
    const ended = await Promise.race([tell(network, options), options.interrupted.then(() => 'interrupted' as const)]);
    if (ended === 'interrupted') return 130;
    write(`\n${since()}every step came out as it should`);
    if (options.once) return 0;
    printAddresses(network, write);
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

async function tell(network: Network, { write, root, directory }: DemoOptions): Promise<void> {
  await tellAll(network, terminalNarrator(write), () => auditNetwork(network, root, join(directory, 'chain.custos')));
}

/** The whole story on any stage, the auditor's part at its end. */
export async function tellAll(stage: Stage, narrator: Narrator, audit: () => string): Promise<void> {
  const { finality } = await playLife(stage, narrator);
  narrator.step(9, 'An auditor replays the chain file from nothing');
  narrator.line(audit().replaceAll('\n', '\n   '));
  const sorted = [...finality].sort((a, b) => a - b);
  narrator.line(
    `${sorted.length} tasks; median from request to final answer ${milliseconds(sorted[sorted.length >> 1]!)}`,
  );
}

function printAddresses({ topology, state, servers }: Network, write: (line: string) => void): void {
  const rows = topology.members.map(({ name, trades }) => {
    const port = trades ? topology.ports.members[name].service : topology.ports.trace;
    return [trades ? name : `${name} (trace)`, `http://127.0.0.1:${port}`, state.tokens[name].token];
  });
  write('\nThe network stays up; Ctrl-C stops it. Services and their access tokens:');
  for (const row of table(rows)) write(`   ${row}`);
  write(`   Lanes ${servers.lanes}, Postgres ${servers.postgres}`);
  write(`\n   curl -H "Authorization: Bearer ${state.tokens.manufacturer.token}" ${rows[0]![1]}/inventory`);
}
