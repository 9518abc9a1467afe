import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE_PORT } from '@custos/dev-servers';
import { openGenesis } from '../genesis.js';
import { databaseName, type ProcessPlan } from '../processes.js';
import { openStateDirectory, savePrivate, type StateDirectory } from '../state-directory.js';
import type { Topology } from '../topology.js';
import { containerAddresses, FILES, planContainers, POSTGRES_HOST, POSTGRES_PORT, STORY } from './layout.js';

/** User that runs the image (deploy/Dockerfile). */
const USER = 1000;
/** Only root may give files away; whoever else runs this keeps them. */
const GIVES = process.getuid?.() === 0;
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
/** Postgres' image reads them as a user of its own; the volume is mounted by no one else. */
const POSTGRES_READS = 0o644;

export interface HandOutOptions {
  readonly topology: Topology;
  /** Keys, genesis, tokens and passwords of the whole network; what is missing is made. */
  readonly state: string;
  /** A folder for each process below it. */
  readonly handOut: string;
}

/**
 * Makes keys, genesis and tokens once, and gives each process its own and nothing else. A second run hands out the
 * same again, so a run that was cut short is mended by the next.
 */
export async function handOutSecrets({ topology, state: path, handOut }: HandOutOptions): Promise<readonly string[]> {
  const state = await openStateDirectory(path, topology);
  const addresses = containerAddresses(topology, IMAGE_PORT);
  openGenesis(state, topology, addresses, Date.now());
  const { validators, services, trace } = planContainers(topology, addresses);
  const passwords = openPasswords(join(path, 'passwords.json'), ['postgres', ...[...services, trace].map(nameOf)]);
  const folder = (name: string) => join(handOut, name);
  for (const { name, member } of validators) give(folder(name), state, { key: state.validatorKeyFile(member.name) });
  for (const process of [...services, trace]) {
    const { name, member } = process;
    give(folder(name), state, { key: state.partyKeyFile(member.name), tokens: state.tokensFile(name) });
    writeOwned(join(folder(name), FILES.database), databaseUrl(topology, process, passwords[name]!));
  }
  give(folder(STORY), state, { key: state.partyKeyFile(topology.reader), access: state.accessFile });
  givePostgres(folder(POSTGRES_HOST), topology, [...services, trace], passwords);
  return [...validators, ...services, trace].map(nameOf);
}

const nameOf = ({ name }: ProcessPlan): string => name;

/** Copies files into the folder of one process, which they then belong to. */
function give(
  folder: string,
  { genesisFile }: StateDirectory,
  given: { readonly key: string; readonly tokens?: string; readonly access?: string },
): void {
  mkdirSync(folder, { recursive: true });
  if (GIVES) chownSync(folder, USER, USER);
  chmodSync(folder, OWNER_ONLY_FOLDER);
  const { key, tokens, access } = given;
  copyOwned(genesisFile, join(folder, FILES.genesis));
  copyOwned(key, join(folder, FILES.key));
  if (tokens !== undefined) copyOwned(tokens, join(folder, FILES.tokens));
  if (access !== undefined) copyOwned(access, join(folder, FILES.access));
}

function copyOwned(from: string, to: string): void {
  writeOwned(to, readFileSync(from, 'utf8'));
}

function writeOwned(file: string, text: string): void {
  writeFileSync(file, text, { mode: OWNER_ONLY_FILE });
  if (GIVES) chownSync(file, USER, USER);
}

function databaseUrl(topology: Topology, { name }: ProcessPlan, password: string): string {
  const database = databaseName(topology, name);
  return `postgres://${database}:${password}@${POSTGRES_HOST}:${POSTGRES_PORT}/${database}\n`;
}

/** Each service has its own database and role (absence 5); Postgres' image runs the script on empty tables only. */
function givePostgres(
  folder: string,
  topology: Topology,
  processes: readonly ProcessPlan[],
  passwords: Readonly<Record<string, string>>,
): void {
  mkdirSync(folder, { recursive: true });
  const statements = processes.flatMap(({ name }) => {
    const database = databaseName(topology, name);
    return [
      `CREATE ROLE ${database} LOGIN PASSWORD '${passwords[name]}';`,
      `CREATE DATABASE ${database} OWNER ${database};`,
      `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC;`,
    ];
  });
  for (const [name, text] of [
    [FILES.superuser, passwords['postgres']!],
    [FILES.databases, `${statements.join('\n')}\n`],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), POSTGRES_READS);
  }
}

function openPasswords(file: string, names: readonly string[]): Readonly<Record<string, string>> {
  const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const passwords = Object.fromEntries(
    names.map((name) => [name, found[name] ?? randomBytes(24).toString('base64url')]),
  );
  savePrivate(file, passwords);
  return passwords;
}
