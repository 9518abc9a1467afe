import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openPostgres, type Postgres } from '@custos/shell-postgres';
import { wireTo, type Wire } from '@custos/shell-postgres/testing';
import { openLog } from '@custos/shell-process';
import { FourHosts, following, type Service } from './testing/four-hosts.js';
import { readIdentity } from '@custos/node-member-service';
import { MAKER, pack, PRODUCT, tokenOf } from './testing/members.js';
import { partnerConfig } from './config.js';

const PASSWORD = 'pw-s3cret-of-the-database';
const WRONG_TOKEN = 'tok-s3cret-that-nobody-knows';
const PRIVATE_KEY = '5ec2e7'.repeat(10) + '5ec2';
const PAYLOAD = 'Alpenrosin that only the owner may read';

describe('what a partner service says when things go wrong', () => {
  const hosts = new FourHosts();
  const said: string[] = [];
  const log = openLog('partner', 'debug', { write: (line) => void said.push(line) });
  let service: Service;
  let postgres: Postgres;
  let wire: Wire;
  let directory: string;

  beforeAll(async () => {
    await hosts.startValidators();
    const database = await hosts.freshDatabase();
    wire = await wireTo(database.url);
    const url = new URL(wire.url);
    // Where the server trusts, any password will do; it is there to be told by mistake.
    url.password ||= PASSWORD;
    postgres = openPostgres({ url: url.href, applicationName: 'secrets' });
    directory = await mkdtemp(join(tmpdir(), 'custos-secrets-'));
    service = await hosts.startService(MAKER, { postgres }, 0, undefined, log);
    await following(service);
  });
  afterAll(async () => {
    await hosts.stop();
    await postgres.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Everything that anybody was told: answers and log. */
  const everything = (): string => said.join('');
  const heard = async (answer: ReturnType<Service['get']>): Promise<number> => {
    const { status, body, headers } = await answer;
    said.push(JSON.stringify({ body, headers: Object.fromEntries(headers) }));
    return status;
  };

  it('answers and logs hold no token, also where it was wrong, short of access or in a body that is no JSON', async () => {
    const token = WRONG_TOKEN;
    expect(await heard(service.get('/inventory', { token }))).toBe(401);
    expect(await heard(service.get(`/jobs/x?access_token=${token}`))).toBe(404);
    const read = tokenOf(MAKER.gln, 'read');
    expect(await heard(service.post('/products', PRODUCT, { token: read }))).toBe(403);
    const raw = `{"authorization":"Bearer ${WRONG_TOKEN}"`;
    expect(await heard(service.post('/products', {}, { raw }))).toBe(400);
    expect(await heard(service.post('/products', {}, { headers: { 'content-type': `text/${WRONG_TOKEN}` } }))).toBe(
      415,
    );
  });

  it('a query that fails is logged without its values, and told to no one', async () => {
    await postgres.query('ALTER TABLE own.outbox RENAME TO elsewhere');
    expect(await heard(service.post('/products', { ...PRODUCT, name: PAYLOAD }))).toBe(500);
    expect(
      await heard(service.post('/commissionings', { codes: [pack('S3CRET')], lot: 'L1', expiry: '2031-01-31' })),
    ).toBe(422);
    await postgres.query('ALTER TABLE own.elsewhere RENAME TO outbox');
    expect(everything()).toContain('does not exist');
    expect(everything()).toContain('INTERNAL');
  });

  it('a start that fails names the setting and the file, never what is in it', async () => {
    const keyFile = join(directory, 'party.key');
    await writeFile(keyFile, `x${PRIVATE_KEY}`, { mode: 0o600 });
    const tokens = join(directory, 'tokens.json');
    await writeFile(tokens, '[]');
    const config = partnerConfig({
      ...{ CUSTOS_GENESIS: tokens, CUSTOS_PARTY: MAKER.gln, CUSTOS_KEY_FILE: keyFile, CUSTOS_KAFKA: 'x:1' },
      ...{ CUSTOS_POSTGRES: `postgres://custos:${PASSWORD}@127.0.0.1:1/x`, CUSTOS_VALIDATOR: 'http://x' },
      ...{ CUSTOS_VALIDATOR_NAME: MAKER.gln, CUSTOS_TOKENS: tokens, CUSTOS_HTTP_PORT: '0' },
    });
    const starts: (() => Promise<unknown>)[] = [
      () => readIdentity(config),
      () => migrate({ url: config.postgres, migrations: { own: [], readmodel: [] } }),
      () => migrate({ url: config.postgres.replace(':1/', ':port/'), migrations: { own: [], readmodel: [] } }),
    ];
    for (const start of starts) {
      const failure = await start().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toBeDefined();
      log.error('starting failed', { error: failure });
    }
    expect(everything()).toContain('party.key');
  });

  it('a job is not found while Postgres is away, but refused with what is away', async () => {
    const job = '/jobs/00000000-0000-4000-8000-000000000000';
    expect(await heard(service.get(job))).toBe(404);
    wire.close();
    expect((await service.get(job)).body).toMatchObject({ status: 503, code: 'AWAY', away: 'Postgres' });
  });

  it('nothing of all that was said holds a secret', () => {
    const tokens = [tokenOf(MAKER.gln, 'operate'), tokenOf(MAKER.gln, 'read')];
    expect(said.length).toBeGreaterThan(10);
    for (const secret of [PASSWORD, WRONG_TOKEN, PRIVATE_KEY, PAYLOAD, ...tokens])
      expect(everything()).not.toContain(secret);
  });
});
