import { writeFileSync } from 'node:fs';
import {
  composeFile,
  DEFAULT_PORT_BASE,
  demoTopology,
  handOutSecrets,
  playInCompose,
  terminalNarrator,
  topologyOf,
  type Foundation,
  type Topology,
} from '@custos/dev-network';
import { parseArgs } from 'node:util';
import { only, orUsage, portOf, required, UsageError } from '../arguments.js';
import type { Command } from '../command.js';
import { root } from '../repository.js';

const write = (line: string): void => console.log(line);

export const compose: Command = {
  usage: 'file [--out FILE] | init --state DIR --hand-out DIR | story --handed DIR; all: [--port-base N]',
  summary: 'the demo network in containers: its docker-compose.yml; and what its containers run to make keys, to play',
  async run(args) {
    const { values, positionals } = orUsage(() =>
      parseArgs({
        args: [...args],
        options: {
          out: { type: 'string' },
          state: { type: 'string' },
          'hand-out': { type: 'string' },
          handed: { type: 'string' },
          'port-base': { type: 'string' },
        },
        allowPositionals: true,
      }),
    );
    const topology = topologyFor(values['port-base']);
    switch (only(positionals, 'file, init or story')) {
      case 'file':
        if (values.out === undefined) process.stdout.write(composeFile(topology));
        else writeFileSync(values.out, composeFile(topology));
        return 0;
      case 'init': {
        const state = required(values.state, '--state');
        const names = await handOutSecrets({ topology, state, handOut: required(values['hand-out'], '--hand-out') });
        write(`keys, genesis and tokens are handed out to ${names.join(', ')}`);
        return 0;
      }
      case 'story': {
        const handed = required(values.handed, '--handed');
        await playInCompose({ topology, root, handed, narrator: terminalNarrator(write) });
        write('\nevery step came out as it should');
        return 0;
      }
      default:
        throw new UsageError('say file, init or story');
    }
  },
};

/** The network of the file that the container was started from; else the demo. */
function topologyFor(portBase = String(DEFAULT_PORT_BASE)): Topology {
  const { CUSTOS_FOUNDATION: foundation } = process.env;
  if (foundation) return topologyOf(JSON.parse(foundation) as Foundation);
  return demoTopology(portOf(portBase, '--port-base'));
}
