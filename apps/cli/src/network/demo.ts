import { join, resolve } from 'node:path';
import { DEFAULT_PORT_BASE, runDemo } from '@custos/dev-network';
import { parseArgs } from 'node:util';
import { orUsage, portOf } from '../arguments.js';
import type { Command } from '../command.js';
import { root } from '../repository.js';

export const demo: Command = {
  usage: '[--once] [--reset] [--port-base N] [--directory DIR]',
  summary: 'start a network and play the life of one pallet',
  async run(args) {
    const { values } = orUsage(() =>
      parseArgs({
        args: [...args],
        options: {
          once: { type: 'boolean' },
          reset: { type: 'boolean' },
          'port-base': { type: 'string' },
          directory: { type: 'string' },
        },
      }),
    );
    return runDemo({
      root,
      directory: resolve(values.directory ?? join(root, '.custos', 'demo')),
      portBase: portOf(values['port-base'] ?? String(DEFAULT_PORT_BASE), '--port-base'),
      once: values.once ?? false,
      reset: values.reset ?? false,
      again: again(values),
      startedAt: Number(process.env.CUSTOS_STARTED_AT ?? Date.now()),
      write: (line) => console.log(line),
      interrupted: new Promise((resolve) => {
        // Not `once`: who stops in order keeps listening, else dev/servers takes the exit for itself.
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
      }),
    });
  },
};

/** Returns the command line that starts the same network again. */
function again(values: { readonly 'port-base'?: string; readonly directory?: string }): string {
  const options = (['port-base', 'directory'] as const).flatMap((name) =>
    values[name] === undefined ? [] : [`--${name} '${values[name]}'`],
  );
  return ['npm run demo', ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
}
