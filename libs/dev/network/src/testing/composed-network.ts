import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { containersLack, KAFKA_IMAGE, POSTGRES_IMAGE } from '@custos/dev-servers';
import { loopbackAddresses, PROCESS_NAMES } from '../addresses.js';
import { pause } from '../child.js';
import { openStage, type Killable, type ShownStatus, type Stage } from '../stage.js';
import { parseTokens } from '../state-directory.js';
import { memberOf, tradingMembers, type Topology } from '../topology.js';
import { composeFile } from '../compose/compose-file.js';
import { OWN } from '../compose/layout.js';

const run = promisify(execFile);
const NODE_IMAGE = process.env['NODE_IMAGE'] ?? 'node:24-bookworm-slim';
/** From a container's start until it is healthy, on a machine that may have better things to do. */
const HEALTHY_MS = 300_000;
const LOOK_MS = 500;
const MAX_OUTPUT = 64 * 1024 * 1024;

const works = (...[command, ...args]: readonly [string, ...string[]]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The plugin, or the program of old. */
const COMPOSE = [['docker', 'compose'], ['docker-compose']].find(([command, ...args]) =>
  works(command!, ...args, 'version'),
) as [string, ...string[]] | undefined;

/** Why a network of containers cannot be built and started here without a download of images. */
export function composeLacks(): string | undefined {
  const lack = containersLack([KAFKA_IMAGE, POSTGRES_IMAGE, NODE_IMAGE]);
  return lack ?? (COMPOSE === undefined ? 'neither docker compose nor docker-compose is here' : undefined);
}

/** A project of its own from docker-compose.yml as the topology gives it, and the image as the checkout builds it. */
export interface ComposedNetwork {
  readonly stage: Stage;
  /** Keys of an auditor, copied out of the volume. */
  readonly genesisFile: string;
  readonly keyFile: string;
  container(service: string): string;
  /** Resolves once every long-running container is healthy. */
  up(): Promise<void>;
  compose(...args: readonly string[]): Promise<string>;
  docker(...args: readonly string[]): Promise<string>;
  /** A line of output from a command in a new container of the service, beside the one that runs. */
  runIn(service: string, ...command: readonly string[]): Promise<string>;
}

export async function openComposed(root: string, directory: string, topology: Topology): Promise<ComposedNetwork> {
  const project = `custos-e2e-${process.pid}`;
  const file = join(directory, 'docker-compose.yml');
  mkdirSync(directory, { recursive: true });
  // `-p` names the project; the program of old (1.29) does not know the member `name`.
  writeFileSync(file, composeFile(topology).replace(/^name: .*\n/m, ''));
  const [command, ...first] = COMPOSE!;
  const execute = async (program: string, args: readonly string[]) =>
    (await run(program, [...args], { maxBuffer: MAX_OUTPUT })).stdout;
  const docker = (...args: readonly string[]) => execute('docker', args);
  const compose = (...args: readonly string[]) =>
    execute(command, [...first, '-f', file, '--project-directory', root, '-p', project, ...args]);
  const separator = first.length > 0 ? '-' : '_';
  const container = (service: string) => [project, service, '1'].join(separator);
  const runIn = (service: string, ...rest: readonly string[]) =>
    compose('run', '--rm', '--no-deps', '-T', service, ...rest);
  const healthy = async (service: string) => {
    const state = () => docker('inspect', '--format', '{{.State.Health.Status}}', container(service));
    for (const deadline = Date.now() + HEALTHY_MS; (await state()).trim() !== 'healthy'; await pause(LOOK_MS))
      if (Date.now() > deadline)
        throw new Error(`${service}: ${await docker('logs', '--tail', '20', container(service))}`);
  };
  const names = [
    ...topology.members.map(({ name }) => PROCESS_NAMES.validator(name)),
    ...tradingMembers(topology).map(({ name }) => PROCESS_NAMES.service(name)),
    PROCESS_NAMES.trace,
  ];
  const up = async () => {
    await compose('up', '-d', '--no-build');
    for (const name of names) await healthy(name);
  };
  await compose('build', 'init');
  await up();

  const copyOut = async (path: string, to: string) => {
    const target = join(directory, to);
    writeFileSync(target, await runIn('init', 'cat', `${OWN}/${path}`), { mode: 0o600 });
    return target;
  };
  const tokens = parseTokens(await runIn('init', 'cat', `${OWN}/tokens/demo.json`));
  const killables = new Map(topology.members.map(({ name }) => [name, killable(PROCESS_NAMES.validator(name))]));
  function killable(service: string): Killable {
    return {
      name: service,
      pid: undefined,
      kill: async () => void (await docker('kill', '--signal', 'KILL', container(service))),
      async start() {
        await docker('start', container(service));
        await healthy(service);
      },
    };
  }
  const ask = `fetch(process.argv[1]).then((r) => r.text()).then(console.log)`;
  const stage: Stage = {
    ...openStage(topology, loopbackAddresses(topology), tokens, killables),
    // It listens on its own machine, which is the container.
    async validatorStatus(name) {
      const url = `http://127.0.0.1:${memberOf(topology, name).ports.validator.watch}/status`;
      const shown = await docker('exec', container(PROCESS_NAMES.validator(name)), 'node', '-e', ask, url);
      return JSON.parse(shown) as ShownStatus;
    },
  };
  return {
    ...{ stage, container, up, compose, docker, runIn },
    genesisFile: await copyOut('genesis.json', 'genesis.json'),
    keyFile: await copyOut(`keys/${topology.reader}.party.key`, 'auditor.key'),
  };
}
