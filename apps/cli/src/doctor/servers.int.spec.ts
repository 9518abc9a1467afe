import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import { runCommand } from '../run-command.js';
import { checkBroker } from './broker.js';
import { checkPostgres } from './database.js';
import type { Finding } from './finding.js';

const KAFKA = process.env['CUSTOS_KAFKA']!;
const POSTGRES = process.env['CUSTOS_POSTGRES']!;
const network = `doctor-${randomBytes(4).toString('hex')}`;
const admin = new kafkajs.Kafka({ brokers: [KAFKA], logLevel: kafkajs.logLevel.NOTHING }).admin();
const SMALL = '1000';

const wrongs = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ status }) => status === 'wrong').map(({ text }) => text);

afterEach(() => jest.restoreAllMocks());

/** Changes the broker itself, as somebody with a wrong idea would; undefined: its default. */
async function setMessageMaxBytes(value: string | undefined): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const configEntries = value === undefined ? [] : [{ name: 'message.max.bytes', value }];
  const type = kafkajs.ConfigResourceTypes.BROKER;
  const resources = [{ type, name: String(brokers[0]!.nodeId), configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
}

/** A changed setting is there a moment after it was answered. */
async function untilFound(holds: (findings: readonly Finding[]) => boolean): Promise<readonly Finding[]> {
  const deadline = Date.now() + 70_000;
  for (;;) {
    const findings = await checkBroker(KAFKA, network);
    if (holds(findings)) return findings;
    if (Date.now() > deadline) throw new Error(`not in time: ${JSON.stringify(findings)}`);
  }
}

/** On a machine without Kafka these are skipped, and counted. */
const withKafka = process.env['CUSTOS_KAFKA'] === undefined ? describe.skip : describe;

withKafka('the doctor at a real broker', () => {
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());

  it('a broker of the demo is well', async () => {
    const findings = await untilFound((all) => wrongs(all).length === 0);
    expect(findings[0]!.text).toMatch(/answers in [\d.]+ ms$/);
  });

  it('a broker with a too small message.max.bytes would not carry blocks: status 1', async () => {
    try {
      await setMessageMaxBytes(SMALL);
      await untilFound((all) => wrongs(all).some((text) => text.startsWith(`message.max.bytes is ${SMALL}`)));
      const lines: string[] = [];
      jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
      expect(await runCommand(['doctor', '--kafka', KAFKA, '--port-base', '1'])).toBe(1);
      expect(lines).toContainEqual(expect.stringMatching(/^WRONG kafka +message\.max\.bytes is 1000/));
      expect(lines).toContainEqual(expect.stringMatching(/^ +fix: set message\.max\.bytes=1048588/));
      expect(lines.at(-1)).toMatch(/would not work$/);
    } finally {
      await setMessageMaxBytes(undefined);
    }
    await untilFound((all) => wrongs(all).length === 0);
  });

  it('a lane that somebody made by hand', async () => {
    const topic = `${network}.votes.4012345000009`;
    const entries = { 'cleanup.policy': 'compact', 'max.message.bytes': SMALL, 'retention.ms': '1000' };
    const configEntries = Object.entries(entries).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [{ topic, numPartitions: 3, configEntries }], waitForLeaders: true });
    const findings = await untilFound((all) => wrongs(all).length === 3);
    expect(findings).toContainEqual(
      expect.objectContaining({ status: 'note', text: expect.stringContaining('keeps 1000 ms') }),
    );
    await admin.deleteTopics({ topics: [topic] });
  });
});

describe('the doctor at a real Postgres', () => {
  it('one that answers, and agrees on the time', async () => {
    const findings = await checkPostgres(POSTGRES);
    expect(wrongs(findings)).toEqual([]);
    expect(findings.map(({ topic }) => topic)).toEqual(['postgres', 'clock']);
  });

  it.each([
    ['no such database', POSTGRES.replace(/\/[^/]*$/, '/nobody_has_this'), '3D000'],
    ['nobody listens', 'postgres://postgres:s3cret@127.0.0.1:1/x', 'ECONNREFUSED'],
    ['no address', 'nonsense', 'the address'],
  ])('%s: told without the password', async (_what, url, words) => {
    const [text, ...more] = wrongs(await checkPostgres(url));
    expect(more).toEqual([]);
    expect(text).toContain(words);
    expect(text).not.toContain('s3cret');
  });
});
