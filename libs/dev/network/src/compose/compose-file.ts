import {
  BROKER_PROBE,
  brokerEnvironment,
  IMAGE_LOG,
  IMAGE_PORT,
  KAFKA_IMAGE,
  POSTGRES_IMAGE,
} from '@custos/dev-servers';
import { stringify } from 'yaml';
import { LOOPBACK, PROCESS_NAMES } from '../addresses.js';
import { allProcesses, NODE_FLAGS, type ProcessPlan } from '../processes.js';
import { foundationOf, type Topology } from '../topology.js';
import {
  containerAddresses,
  FILES,
  HAND_OUT,
  HANDED,
  KAFKA_HOST,
  OWN,
  planContainers,
  POSTGRES_HOST,
  POSTGRES_PORT,
  POSTGRES_SETUP,
  STORY,
} from './layout.js';

const HEADER = `# Written by \`npm run custos -- compose file\` from libs/dev/network/src/topology.ts: change that, not this.
# The network of \`npm run demo\` in containers; docs/guides/run-a-member.md tells how to use it.
`;

/** Longest time for a process to end in order: above its own limit, after which it ends all the same. */
const STOP = '15s';
const STOP_KAFKA = '30s';
const INIT = 'init';
/** Names of containers and volumes begin with it, whatever the folder of the checkout is called. */
const PROJECT = 'custos';
const MAIN = (app: string) => ['node', ...NODE_FLAGS, `apps/${app}/dist/main.js`];

type Block = Readonly<Record<string, unknown>>;

/** docker-compose.yml of a network: the same members, ports and processes that the demo starts on this machine. */
export function composeFile(topology: Topology): string {
  const plan = planContainers(topology, containerAddresses(topology, IMAGE_PORT));
  const processes = allProcesses(plan);
  const secrets = [...processes.map(({ name }) => name), STORY, POSTGRES_HOST];
  const services: Record<string, Block> = {
    [INIT]: init(topology, secrets),
    [KAFKA_HOST]: kafka(),
    [POSTGRES_HOST]: postgres(),
  };
  for (const process of plan.validators) {
    services[process.name] = {
      ...serviceOf(process, { [INIT]: DONE, [KAFKA_HOST]: HEALTHY }),
      volumes: [handed(process.name), `chain-${process.name}:${OWN}`],
      // Beside the chain, where the sockets of its lock exclude a second container on the same chain.
      environment: { ...process.env, TMPDIR: OWN },
    };
  }
  for (const process of [...plan.services, plan.trace]) {
    const validator = PROCESS_NAMES.validator(process.member.name);
    services[process.name] = {
      ...serviceOf(process, { [INIT]: DONE, [KAFKA_HOST]: HEALTHY, [POSTGRES_HOST]: HEALTHY, [validator]: HEALTHY }),
      volumes: [handed(process.name)],
      environment: process.env,
    };
  }
  services[STORY] = story(topology, processes);
  const volumes = [
    'state',
    ...secrets.map(secretsOf),
    ...plan.validators.map(({ name }) => `chain-${name}`),
    KAFKA_HOST,
    POSTGRES_HOST,
  ];
  const file = { name: PROJECT, services, volumes: Object.fromEntries(volumes.map((name) => [name, {}])) };
  return HEADER + stringify(file, { version: '1.1', lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false });
}

const HEALTHY = { condition: 'service_healthy' };
const DONE = { condition: 'service_completed_successfully' };
const secretsOf = (name: string): string => `secrets-${name}`;
const handed = (name: string): string => `${secretsOf(name)}:${HANDED}:ro`;

const IMAGE: Block = {
  image: 'custos',
  build: {
    context: '.',
    dockerfile: 'deploy/Dockerfile',
    args: { NODE_IMAGE: '${NODE_IMAGE:-node:24-bookworm-slim}' },
  },
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
};
/** Docker keeps logs for ever otherwise. */
const LOGGING: Block = { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } };
/** After a reboot as well; one that somebody stopped stays stopped. */
const LASTING: Block = { restart: 'unless-stopped', logging: LOGGING };

function serviceOf({ app, ports }: ProcessPlan, depends_on: Block): Block {
  return {
    ...IMAGE,
    command: MAIN(app),
    ports: [`${LOOPBACK}:${ports.http}:${ports.http}`],
    depends_on,
    tmpfs: ['/tmp'],
    stop_grace_period: STOP,
    ...LASTING,
  };
}

/** `custos compose` on the same topology that this file is of. Compose reads `$` as the begin of a variable. */
function custos(topology: Topology, ...args: readonly string[]): Block {
  const foundation = JSON.stringify(foundationOf(topology)).replaceAll('$', () => '$$');
  return { command: [...MAIN('cli'), 'compose', ...args], environment: { CUSTOS_FOUNDATION: foundation } };
}

/** Root, with the rights to give files away and no others: new volumes belong to root. */
function init(topology: Topology, secrets: readonly string[]): Block {
  return {
    ...IMAGE,
    ...custos(topology, INIT, '--state', OWN, '--hand-out', HAND_OUT),
    user: '0:0',
    cap_add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
    network_mode: 'none',
    volumes: [`state:${OWN}`, ...secrets.map((name) => `${secretsOf(name)}:${HAND_OUT}/${name}`)],
    healthcheck: { disable: true },
    logging: LOGGING,
  };
}

function kafka(): Block {
  return {
    image: KAFKA_IMAGE,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    environment: brokerEnvironment(`${KAFKA_HOST}:${IMAGE_PORT}`),
    volumes: [`${KAFKA_HOST}:${IMAGE_LOG}`],
    // Volumes of the image that nothing is put into: each `down` and `up` would leave two nameless ones behind.
    tmpfs: ['/etc/kafka/secrets', '/mnt/shared/config'],
    healthcheck: probe(BROKER_PROBE),
    stop_grace_period: STOP_KAFKA,
    ...LASTING,
  };
}

function postgres(): Block {
  return {
    image: POSTGRES_IMAGE,
    security_opt: ['no-new-privileges:true'],
    environment: { POSTGRES_PASSWORD_FILE: `${POSTGRES_SETUP}/${FILES.superuser}` },
    volumes: [`${POSTGRES_HOST}:/var/lib/postgresql`, `${secretsOf(POSTGRES_HOST)}:${POSTGRES_SETUP}:ro`],
    depends_on: { [INIT]: DONE },
    // By address: while the image sets up its tables it serves a socket only.
    healthcheck: probe(['pg_isready', '-q', '-h', LOOPBACK, '-p', String(POSTGRES_PORT), '-U', 'postgres']),
    shm_size: '128mb',
    stop_grace_period: STOP,
    ...LASTING,
  };
}

/** Not part of `up`: `docker compose run --rm story` plays the life of a pallet and ends. */
function story(topology: Topology, processes: readonly ProcessPlan[]): Block {
  return {
    ...IMAGE,
    ...custos(topology, STORY, '--handed', HANDED),
    volumes: [handed(STORY)],
    depends_on: Object.fromEntries(processes.map(({ name }) => [name, HEALTHY])),
    tmpfs: ['/tmp'],
    healthcheck: { disable: true },
    profiles: [STORY],
  };
}

function probe(command: readonly string[]): Block {
  return { test: ['CMD', ...command], interval: '5s', timeout: '10s', retries: 5, start_period: '120s' };
}
