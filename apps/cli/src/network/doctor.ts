import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseGenesis, type Genesis } from '@custos/core-chain';
import { DEFAULT_PORT_BASE, demoTopology, type Topology } from '@custos/dev-network';
import { orUsage, portOf } from '../arguments.js';
import type { Command } from '../commands.js';
import { checkBroker } from '../doctor/broker.js';
import { checkPostgres } from '../doctor/database.js';
import { checkDisk, checkKeys } from '../doctor/files.js';
import { wrong, type Finding } from '../doctor/finding.js';
import { answersAt, checkPorts, nothingThere, type WantedPort } from '../doctor/ports.js';
import { checkServices, notStarted, type WatchedService } from '../doctor/services.js';
import { askProgram, checkVersions } from '../doctor/versions.js';
import { root } from '../repository.js';

const HOST = '127.0.0.1';

/** Where to look. */
interface Place {
  readonly topology: Topology;
  readonly directory: string;
  readonly kafka: string | undefined;
  readonly postgres: string | undefined;
  readonly genesisFile: string | undefined;
  readonly keyFiles: readonly string[];
}

export const doctor: Command = {
  usage: '[--json] [--port-base N] [--directory DIR] [--kafka HOST:PORT] [--postgres URL] [--genesis FILE]',
  summary: 'look for what would not work here, each with its fix',
  async run(args) {
    const options = {
      json: { type: 'boolean' },
      'port-base': { type: 'string' },
      directory: { type: 'string' },
      kafka: { type: 'string' },
      postgres: { type: 'string' },
      genesis: { type: 'string' },
    } as const;
    const { values } = orUsage(() => parseArgs({ args: [...args], options }));
    const directory = resolve(values.directory ?? join(root, '.custos', 'demo'));
    const demoGenesis = join(directory, 'genesis.json');
    const findings = await examine({
      topology: demoTopology(portOf(values['port-base'] ?? String(DEFAULT_PORT_BASE), '--port-base')),
      directory,
      kafka: values.kafka ?? process.env.CUSTOS_KAFKA,
      postgres: values.postgres ?? process.env.CUSTOS_POSTGRES,
      genesisFile: values.genesis ?? process.env.CUSTOS_GENESIS ?? (existsSync(demoGenesis) ? demoGenesis : undefined),
      keyFiles: process.env.CUSTOS_KEY_FILE ? [process.env.CUSTOS_KEY_FILE] : [],
    });
    const isWell = findings.every(({ status }) => status !== 'wrong');
    if (values.json) console.log(JSON.stringify({ ok: isWell, findings }, null, 2));
    else print(findings);
    return isWell ? 0 : 1;
  },
};

async function examine(place: Place): Promise<readonly Finding[]> {
  const { directory, keyFiles } = place;
  const genesis = readGenesis(place.genesisFile);
  const installed = {
    node: process.versions.node,
    ask: askProgram,
    haveJars: existsSync(join(root, '.custos', 'kafka', 'lib', '.complete')),
    haveBroker: place.kafka !== undefined,
  };
  const isOurs = (command: string): boolean => command.includes(join(root, 'apps')) || command.includes(directory);
  return [
    ...checkVersions(installed),
    ...(await checkPorts(portsOf(place.topology), isOurs)),
    ...(await servers(place, genesis)),
    ...(await services(place, genesis)),
    ...checkDisk(directory),
    ...checkKeys(directory, keyFiles),
    ...(genesis instanceof Error
      ? [wrong('services', genesis.message, 'get the genesis document of the network again')]
      : []),
  ];
}

/** Those that are named, else those of the demo when they run. */
async function servers(place: Place, genesis: Genesis | Error | undefined): Promise<readonly Finding[]> {
  const { kafka: kafkaPort, postgres: postgresPort } = place.topology.ports;
  const running = async (port: number, address: string) => ((await answersAt(HOST, port)) ? address : undefined);
  const kafka = place.kafka ?? (await running(kafkaPort, `${HOST}:${kafkaPort}`));
  const postgres =
    place.postgres ?? (await running(postgresPort, `postgres://postgres@${HOST}:${postgresPort}/postgres`));
  const network = genesis === undefined || genesis instanceof Error ? place.topology.network : genesis.name;
  return [
    ...(kafka === undefined ? [nothingThere('kafka', 'Kafka')] : await checkBroker(kafka, network)),
    ...(postgres === undefined ? [nothingThere('postgres', 'Postgres')] : await checkPostgres(postgres)),
  ];
}

/** Peers of the genesis document, and the demo's services where one of them runs. */
async function services(place: Place, genesis: Genesis | Error | undefined): Promise<readonly Finding[]> {
  const local = portsOf(place.topology).filter(({ use }) => use !== 'Kafka' && use !== 'Postgres');
  const known = new Map<string, WatchedService>();
  const up = await Promise.all(local.map(({ port }) => answersAt(HOST, port)));
  if (up.includes(true))
    for (const { port, use } of local)
      known.set(`http://${HOST}:${port}`, { name: use, origin: `http://${HOST}:${port}` });
  const peers = genesis === undefined || genesis instanceof Error ? [] : genesis.validators;
  const isElsewhere = peers.some(({ endpoints }) => !endpoints.http?.includes(HOST));
  if (up.includes(true) || isElsewhere)
    for (const { gln, endpoints } of peers)
      if (endpoints.http && !known.has(endpoints.http))
        known.set(endpoints.http, { name: `validator ${gln}`, origin: endpoints.http });
  return known.size === 0 ? [notStarted(local.length)] : checkServices([...known.values()]);
}

function portsOf({ ports, members }: Topology): readonly WantedPort[] {
  return [
    { port: ports.kafka, use: 'Kafka' },
    { port: ports.postgres, use: 'Postgres' },
    { port: ports.trace, use: 'trace' },
    ...members.map(({ name }) => ({ port: ports.members[name].validator, use: `validator of ${name}` })),
    ...members.filter(({ trades }) => trades).map(({ name }) => ({ port: ports.members[name].service, use: name })),
  ];
}

function readGenesis(file: string | undefined): Genesis | Error | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) return new Error(`${file} is not there`);
  const genesis = parseGenesis(readFileSync(file));
  if (genesis.ok) return genesis.value;
  return new Error(`${file}: ${genesis.malformed.field}: ${genesis.malformed.fix}`);
}

const SIGNS = { ok: 'ok   ', note: 'note ', wrong: 'WRONG' } as const;

function print(findings: readonly Finding[]): void {
  for (const { topic, status, text, fix } of findings) {
    console.log(`${SIGNS[status]} ${topic.padEnd(8)} ${text}`);
    if (fix !== undefined) console.log(`${' '.repeat(15)}fix: ${fix}`);
  }
  const count = findings.filter(({ status }) => status === 'wrong').length;
  console.log(
    count === 0 ? 'nothing stands in the way' : `${count} ${count === 1 ? 'thing' : 'things'} would not work`,
  );
}
