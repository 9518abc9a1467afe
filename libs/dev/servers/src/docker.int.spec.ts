import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { Client } from 'pg';
import { knock } from './child.js';
import { containerName, containersLack, dockerKafka, dockerPostgres, resetDocker, type Container } from './docker.js';
import { KAFKA_IMAGE } from './docker-images.js';
import { finished, repositoryRoot } from './java.js';

/** A container's start, on a machine that may have better things to do. */
const START_MS = 180_000;
const lack = containersLack();
if (lack !== undefined) process.stderr.write(`containers: tests are skipped, ${lack}\n`);

async function query(port: number, text: string): Promise<readonly unknown[]> {
  const client = new Client(`postgres://postgres@127.0.0.1:${port}/postgres`);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function topics(port: number, create?: string): Promise<readonly string[]> {
  const brokers = [`127.0.0.1:${port}`];
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    if (create !== undefined) await admin.createTopics({ topics: [{ topic: create }] });
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

test('the image of Kafka is the release that the local broker runs', () => {
  const pom = readFileSync(join(repositoryRoot(__dirname), 'libs/dev/servers/kafka/pom.xml'), 'utf8');
  const version = /<artifactId>kafka_2.13<\/artifactId>\s*<version>([^<]*)</.exec(pom)?.[1];
  expect(KAFKA_IMAGE).toBe(`apache/kafka:${version}`);
});

(lack === undefined ? describe : describe.skip)(`servers in containers${lack ? ` (skipped: ${lack})` : ''}`, () => {
  const directory = `/of-a-test/${process.pid}`;
  const other = `${directory}-other`;
  const started: Container[] = [];
  const keep = async (container: Promise<Container>): Promise<Container> => {
    started.push(await container);
    return container;
  };
  afterEach(async () => {
    for (const { name } of started.splice(0))
      await finished('docker', ['rm', '--force', '--volumes', name]).catch(() => undefined);
    await resetDocker(directory, 'kafka');
    await resetDocker(directory, 'postgres');
    await resetDocker(other, 'postgres');
  });

  test(
    'Kafka answers as soon as it is said to be up, finds its topics again, and forgets them on reset',
    async () => {
      const first = await keep(dockerKafka(directory));
      expect(await topics(first.port, 'kept')).toContain('kept');
      await first.stop();
      await expect(knock(first.port)).rejects.toThrow('ECONNREFUSED');
      const second = await keep(dockerKafka(directory, first.port));
      expect(await topics(second.port)).toContain('kept');
      await resetDocker(directory, 'kafka');
      const third = await keep(dockerKafka(directory, first.port));
      expect(await topics(third.port)).not.toContain('kept');
    },
    START_MS,
  );

  test(
    'Postgres answers as soon as it is said to be up, takes over from one that was left behind, and forgets on reset',
    async () => {
      const first = await keep(dockerPostgres(directory, true));
      await query(first.port, 'CREATE TABLE kept AS SELECT 7 AS n');
      // No one stopped it: its container stands in the way of the next one.
      const second = await keep(dockerPostgres(directory, false));
      expect(await query(second.port, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
      expect(await query(second.port, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
      await second.stop();
      await resetDocker(directory, 'postgres');
      const third = await keep(dockerPostgres(directory, true));
      await expect(query(third.port, 'SELECT n FROM kept')).rejects.toThrow('does not exist');
    },
    START_MS,
  );

  test(
    'a server that cannot start is reported at once, with why, and leaves no container',
    async () => {
      const taken = await keep(dockerPostgres(directory, true));
      await expect(dockerPostgres(other, true, taken.port)).rejects.toThrow(/already allocated|address already in use/);
      const names = await finished('docker', ['ps', '--all', '--format', '{{.Names}}']);
      expect(names).toContain(taken.name);
      expect(names).not.toContain(containerName('postgres', other));
    },
    START_MS,
  );
});
