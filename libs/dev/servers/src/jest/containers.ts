import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { brokerEnvironment, BROKER_PROBE, IMAGE_PORT } from '../broker-settings.js';
import { freePort } from '../child.js';
import { containersLack } from '../docker.js';
import { KAFKA_IMAGE, POSTGRES_IMAGE } from '../docker-images.js';

/** A container's start, on a machine that may have better things to do. */
const START_MS = 120_000;
const POSTGRES_PORT = 5432;

const running: StartedTestContainer[] = [];

/**
 * Kafka and Postgres by testcontainers for a run of jest, where an engine and images are: the same tests that run on
 * processes of this machine then run on the images that are deployed. Tests find them in CUSTOS_KAFKA and
 * CUSTOS_POSTGRES. Without them `jest.config.cjs` skips every test, so nothing is started.
 */
export async function setUp(): Promise<void> {
  if (containersLack() !== undefined) {
    // Tests are read although none of them runs, and some take an address apart while they are.
    process.env['CUSTOS_KAFKA'] = 'kafka.invalid:9092';
    process.env['CUSTOS_POSTGRES'] = 'postgres://postgres.invalid/postgres';
    return;
  }
  // Its reaper is one more image; we stop what we start.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  const clients = await freePort();
  const address = `127.0.0.1:${clients}`;
  const kafka = new GenericContainer(KAFKA_IMAGE)
    .withEnvironment(brokerEnvironment(address))
    // Fixed: a broker tells its clients where to come before the engine would choose.
    .withExposedPorts({ container: IMAGE_PORT, host: clients })
    .withWaitStrategy(Wait.forSuccessfulCommand(`bash -c '${BROKER_PROBE.at(-1)}'`))
    .withStartupTimeout(START_MS);
  const postgres = new GenericContainer(POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withExposedPorts(POSTGRES_PORT)
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready -q -h 127.0.0.1 -U postgres'))
    .withStartupTimeout(START_MS);
  const results = await Promise.allSettled([kafka, postgres].map((each) => each.start()));
  running.push(...results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    await tearDown();
    throw result.reason;
  }
  process.env['CUSTOS_KAFKA'] = address;
  process.env['CUSTOS_POSTGRES'] = `postgres://postgres@127.0.0.1:${running[1]!.getMappedPort(POSTGRES_PORT)}/postgres`;
}

export async function tearDown(): Promise<void> {
  await Promise.all(running.splice(0).map((container) => container.stop({ remove: true, removeVolumes: true })));
}
