import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  DEFAULT_PORT_BASE,
  demoTopology,
  NetworkRuns,
  printRunning,
  startNetwork,
  type Network,
} from '@custos/dev-network';
import { orUsage, portOf } from '../arguments.js';
import type { Command } from '../command.js';
import { readProjects, type Project } from '../dev/projects.js';
import { createRebuilder, type Restartable } from '../dev/rebuild.js';
import { watchSources } from '../dev/watch-sources.js';
import { root } from '../repository.js';

const OWN = '@custos/app-cli';

export const dev: Command = {
  usage: '[--reset] [--port-base N] [--directory DIR]',
  summary: 'start a network, watch the sources, restart what runs changed code',
  async run(args) {
    const options = {
      reset: { type: 'boolean' },
      'port-base': { type: 'string' },
      directory: { type: 'string' },
    } as const;
    const { values } = orUsage(() => parseArgs({ args: [...args], options }));
    // Not `once`: who stops in order keeps listening, else dev/servers takes the exit for itself.
    const interrupt = new AbortController();
    const interrupted = new Promise<void>((done) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => (interrupt.abort(), done()));
    });
    const say = (line: string): void => console.log(line);
    const projects = readProjects(root);
    // Watched before anything is up: what is written meanwhile is built as soon as it is.
    const changes = gathered();
    const stopWatching = watchSources(projects, changes.tell);
    try {
      const directory = resolve(values.directory ?? join(root, '.custos', 'demo'));
      const network = await startNetwork({
        topology: demoTopology(portOf(values['port-base'] ?? String(DEFAULT_PORT_BASE), '--port-base')),
        ...{ directory, root, log: say, signal: interrupt.signal },
        reset: values.reset ?? false,
      }).catch((error: unknown) => {
        if (!(error instanceof NetworkRuns) && !interrupt.signal.aborted) throw error;
      });
      if (interrupt.signal.aborted) {
        await network?.stop();
        return 0;
      }
      if (network === undefined) {
        printRunning({ directory, write: say });
        say('It was started by another command: end that one first, to watch the sources here.');
        return 1;
      }
      try {
        await rebuildUntil(interrupted, { projects, network, changes, say });
      } finally {
        say('stopping');
        await network.stop();
      }
      return 0;
    } finally {
      stopWatching();
    }
  },
};

/** Keeps a change until somebody hears it. */
function gathered() {
  let heard: (() => void) | undefined;
  let isWaiting = false;
  return {
    tell() {
      if (heard) heard();
      else isWaiting = true;
    },
    hear(listener: () => void) {
      heard = listener;
      if (isWaiting) listener();
    },
  };
}

interface Running {
  readonly projects: readonly Project[];
  readonly network: Network;
  readonly changes: ReturnType<typeof gathered>;
  readonly say: (line: string) => void;
}

async function rebuildUntil(interrupted: Promise<void>, { projects, network, changes, say }: Running): Promise<void> {
  let compiler: ChildProcess | undefined;
  const build = (): Promise<boolean> => {
    const begun = Date.now();
    const child = spawn(process.execPath, [join(root, 'node_modules/ts7/bin/tsc'), '-b', root], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    compiler = child;
    return new Promise((resolve) => {
      child.once('error', () => resolve(false));
      child.once('exit', (code) => {
        if (code === 0) say(`built in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
        resolve(code === 0);
      });
    });
  };
  const rebuilder = createRebuilder({ projects, processes: processesOf(network), own: OWN, build, say });
  changes.hear(rebuilder.changed);
  say('watching; Ctrl-C stops it all');
  await interrupted;
  compiler?.kill();
  await rebuilder.stop();
}

function processesOf({ validators, services, trace, plan }: Network): readonly Restartable[] {
  const again = (child: { readonly name: string; stop(): Promise<unknown>; start(): Promise<void> }, app: string) => ({
    name: child.name,
    project: `@custos/app-${app}`,
    async restart() {
      await child.stop();
      await child.start();
    },
  });
  return [
    ...[...validators.values()].map((child) => again(child, 'validator')),
    ...plan.services.map(({ member, app }) => again(services.get(member.name)!, app)),
    again(trace, 'trace'),
  ];
}
