import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Genesis } from '@custos/core-chain';
import { orUsage, portOf } from '../arguments.js';
import { readGenesisFile } from '../chain/genesis-file.js';
import type { Command } from '../command.js';
import { checkBroker } from '../doctor/broker.js';
import { checkPostgres } from '../doctor/database.js';
import { checkDisk, checkKeys } from '../doctor/files.js';
import { ok, wrong, type Finding } from '../doctor/finding.js';
import { findPlace, HOST, type Place } from '../doctor/place.js';
import { answersAt, checkPorts, nothingThere } from '../doctor/ports.js';
import { checkServices, notStarted, type WatchedService } from '../doctor/services.js';
import { askProgram, checkVersions } from '../doctor/versions.js';
import { root } from '../repository.js';

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
    const { kafka, postgres, genesis, directory } = values;
    const portBase = values['port-base'] === undefined ? undefined : portOf(values['port-base'], '--port-base');
    const findings = await examine(findPlace({ portBase, directory, kafka, postgres, genesis }, process.env, root));
    const isWell = findings.every(({ status }) => status !== 'wrong');
    if (values.json) console.log(JSON.stringify({ ok: isWell, findings }, null, 2));
    else print(findings);
    return isWell ? 0 : 1;
  },
};

async function examine(place: Place): Promise<readonly Finding[]> {
  const { directory, files } = place;
  const genesis = place.genesisFile === undefined ? undefined : readGenesisFile(place.genesisFile);
  const installed = {
    node: process.versions.node,
    ask: askProgram,
    haveJars: existsSync(join(root, '.custos', 'kafka', 'lib', '.complete')),
    haveBroker: place.kafka !== undefined,
  };
  return [
    ok('place', place.about),
    ...checkVersions(installed),
    ...(await checkPorts(place.ports, place.isOurs, askProgram)),
    ...(await servers(place, genesis)),
    ...(await services(place, genesis)),
    ...checkDisk(directory),
    ...checkKeys(directory, files),
    ...(genesis instanceof Error
      ? [wrong('services', genesis.message, 'get the genesis document of the network again')]
      : []),
  ];
}

/** Returns the servers that are named, else those of a network on this machine when they run. */
async function servers(place: Place, genesis: Genesis | Error | undefined): Promise<readonly Finding[]> {
  const { topology } = place;
  const running = async (port: number | undefined, address: (host: string) => string) =>
    port !== undefined && (await answersAt(HOST, port)) ? address(`${HOST}:${port}`) : undefined;
  const kafka = place.kafka ?? (await running(topology?.ports.kafka, (host) => host));
  const postgres =
    place.postgres ?? (await running(topology?.ports.postgres, (host) => `postgres://postgres@${host}/postgres`));
  const network = genesis === undefined || genesis instanceof Error ? topology?.network : genesis.name;
  return [
    ...(kafka === undefined ? [nothingThere('kafka', 'Kafka')] : await checkBroker(kafka, network ?? 'custos')),
    ...(postgres === undefined ? [nothingThere('postgres', 'Postgres')] : await checkPostgres(postgres)),
  ];
}

/** Services that are needed, validators of the genesis document elsewhere, and all of this machine where one answers. */
async function services(place: Place, genesis: Genesis | Error | undefined): Promise<readonly Finding[]> {
  const validators = genesis === undefined || genesis instanceof Error ? [] : genesis.validators;
  const peers = validators.flatMap(({ gln, endpoints }) =>
    endpoints.http ? [{ name: `validator ${gln}`, origin: endpoints.http }] : [],
  );
  const isHere = ({ origin }: WatchedService): boolean => URL.canParse(origin) && new URL(origin).hostname === HOST;
  const here = byOrigin([...place.local, ...peers.filter(isHere)]);
  const answers = await Promise.all(here.map(answersHere));
  const watched = byOrigin([
    ...place.needed,
    ...(answers.includes(true) ? here : []),
    ...peers.filter((peer) => !isHere(peer)),
  ]);
  return watched.length === 0 ? [notStarted(here.length)] : checkServices(watched);
}

async function answersHere({ origin }: WatchedService): Promise<boolean> {
  if (!URL.canParse(origin)) return false;
  const { hostname, port } = new URL(origin);
  return answersAt(hostname, Number(port || 80));
}

/** One service a place: the first name that it has. */
function byOrigin(services: readonly WatchedService[]): readonly WatchedService[] {
  const known = new Map<string, WatchedService>();
  for (const service of services) if (!known.has(service.origin)) known.set(service.origin, service);
  return [...known.values()];
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
