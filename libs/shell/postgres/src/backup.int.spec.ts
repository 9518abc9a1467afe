import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  keyIdOf,
  referenceHasher,
  referencePublicKey,
  referenceSign,
  referenceVerify,
  type Signer,
} from '@custos/core-crypto';
import { backUpOwn, restoreOwn } from './backup.js';
import { BackupRefused, linesOf, type BackupOwner } from './backup-file.js';
import type { Postgres } from './sql.js';
import { freshDatabase, type FreshDatabase } from './testing/index.js';

class Tables1700000000000 implements MigrationInterface {
  readonly name = 'Tables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    // By name the one that refers comes first.
    await runner.query('CREATE TABLE own.z_job (job text PRIMARY KEY, rejected json)');
    await runner.query(`CREATE TABLE own.a_part (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job text REFERENCES own.z_job, bytes bytea, height bigint)`);
    await runner.query('CREATE TABLE own.projection (name text PRIMARY KEY, height bigint)');
  }

  async down(): Promise<void> {
    return undefined;
  }
}

class More1700000000001 implements MigrationInterface {
  readonly name = 'More1700000000001';

  up(runner: QueryRunner): Promise<void> {
    return runner.query('ALTER TABLE own.z_job ADD COLUMN kind text');
  }

  async down(): Promise<void> {
    return undefined;
  }
}

function signerOf(seed: number): Signer {
  const privateKey = new Uint8Array(32).fill(seed);
  const publicKey = referencePublicKey(privateKey);
  const sign = async (message: Uint8Array): Promise<Uint8Array> => referenceSign(message, privateKey);
  return { publicKey, keyId: keyIdOf(referenceHasher, publicKey), sign };
}

function ownerOf(seed: number): BackupOwner {
  const { keyId, publicKey } = signerOf(seed);
  return { keyId, publicKey, verify: async (checks) => checks.every(referenceVerify) };
}

const opened: FreshDatabase[] = [];
const ROWS = 450;

async function database(migrations: readonly (new () => MigrationInterface)[]): Promise<Postgres> {
  const fresh = await freshDatabase('backup_spec', migrations.length > 0 ? { own: migrations } : {});
  opened.push(fresh);
  return fresh.postgres;
}

/** Yields a text as a file is read: in pieces that end anywhere. */
async function* chunksOf(text: string): AsyncIterable<string> {
  for (let at = 0; at < text.length; at += 1_000) yield text.slice(at, at + 1_000);
}

async function rowsOf(postgres: Postgres): Promise<unknown> {
  const { rows: jobs } = await postgres.query('SELECT job, rejected::text FROM own.z_job ORDER BY job');
  const { rows: parts } = await postgres.query('SELECT * FROM own.a_part ORDER BY sequence');
  return { jobs, parts };
}

describe('a backup of own', () => {
  let source: Postgres;
  let lines: string[];
  const again = (of: readonly string[]) => () => linesOf(chunksOf(of.map((line) => `${line}\n`).join('')));

  beforeAll(async () => {
    source = await database([Tables1700000000000]);
    // Numbers and escapes that a parser of ours would change.
    const odd = '{"n":1.0e2,"large":12345678901234567890,"nul":"\\u0000","text":"a\u2028b","order":\n{"b":1,"a":2}}';
    await source.query(`INSERT INTO own.z_job VALUES ('one', $1), ('two', NULL)`, [odd]);
    await source.query(
      `INSERT INTO own.a_part (job, bytes, height)
       SELECT CASE WHEN n % 2 = 0 THEN 'one' ELSE 'two' END, decode(md5(n::text), 'hex'), NULLIF(n, 7)
       FROM generate_series(1, ${ROWS}) n`,
    );
    await source.query(`INSERT INTO own.projection VALUES ('settlement', 7)`);
    lines = [];
    expect(await backUpOwn(source, signerOf(1), async (line) => void lines.push(line.trimEnd()))).toBe(ROWS + 3);
  });
  afterAll(async () => {
    for (const fresh of opened) await fresh.drop();
  });

  it('comes back row by row and byte by byte, into an empty database of the same version', async () => {
    const target = await database([Tables1700000000000]);
    // What a service that was started once has begun.
    await target.query(`INSERT INTO own.projection VALUES ('settlement', 99)`);
    expect(await restoreOwn(target, ownerOf(1), again(lines))).toBe(ROWS + 3);
    expect(await rowsOf(target)).toEqual(await rowsOf(source));
    // The follower goes on where the backup was, and numbers behind those restored.
    expect((await target.query('SELECT height FROM own.projection')).rows).toEqual([{ height: '7' }]);
    const { rows } = await target.query('INSERT INTO own.a_part (job) VALUES (NULL) RETURNING sequence');
    expect(rows).toEqual([{ sequence: String(ROWS + 1) }]);
  });

  it.each<[string, () => readonly string[], string]>([
    ['a file that was cut', () => lines.slice(0, -5), 'cut or changed'],
    ['a row that was changed', () => lines.map((line, i) => (i === 5 ? line.replace(/[1-9]/, '0') : line)), 'cut or'],
    ['a row that is missing', () => lines.filter((_, i) => i !== 5), 'cut or changed'],
    ['another file', () => ['{"format":"x"}', '{}'], 'cut or changed'],
    ['no file at all', () => [], 'cut or changed'],
  ])('%s is refused and changes nothing', async (_what, bad, message) => {
    const target = await database([Tables1700000000000]);
    const refused = restoreOwn(target, ownerOf(1), again(bad()));
    await expect(refused).rejects.toBeInstanceOf(BackupRefused);
    await expect(refused).rejects.toThrow(message);
    expect(await rowsOf(target)).toEqual({ jobs: [], parts: [] });
  });

  it("SR1: another party's backup is refused, and so is one that names the key without its signature", async () => {
    const target = await database([Tables1700000000000]);
    await expect(restoreOwn(target, ownerOf(2), again(lines))).rejects.toThrow(/was signed by key .* not by/);
    const seal = JSON.parse(lines.at(-1)!) as { readonly signature: string };
    const forged = JSON.stringify({ ...seal, signature: seal.signature.replace(/^./, (c) => (c === '0' ? '1' : '0')) });
    await expect(restoreOwn(target, ownerOf(1), again([...lines.slice(0, -1), forged]))).rejects.toThrow('wrong');
    // Whole again by number and hash, as who changes a row would make it.
    const body = lines.slice(0, -1).filter((_, i) => i !== 5);
    const sha256 = createHash('sha256')
      .update(body.map((line) => `${line}\n`).join(''))
      .digest('hex');
    const rehashed = JSON.stringify({ ...seal, lines: body.length, sha256 });
    await expect(restoreOwn(target, ownerOf(1), again([...body, rehashed]))).rejects.toThrow('signature is wrong');
    expect(await rowsOf(target)).toEqual({ jobs: [], parts: [] });
  });

  it('goes into no database of another version, none without tables, and over no rows', async () => {
    const newer = await database([Tables1700000000000, More1700000000001]);
    await expect(restoreOwn(newer, ownerOf(1), again(lines))).rejects.toThrow('another version');
    await expect(restoreOwn(await database([]), ownerOf(1), again(lines))).rejects.toThrow('start the service once');
    await expect(restoreOwn(source, ownerOf(1), again(lines))).rejects.toThrow('never over one');
    expect((await source.query('SELECT 1 FROM own.a_part')).rowCount).toBe(ROWS);
  });
});
