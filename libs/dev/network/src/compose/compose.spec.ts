import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { demoTopology } from '../demo/demo-topology.js';
import { tradingMembers, type Topology } from '../topology.js';
import { composeFile } from './compose-file.js';
import { handOutSecrets } from './hand-out.js';

const root = join(__dirname, '..', '..', '..', '..', '..');

interface Service {
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const services = (topology: Topology): Readonly<Record<string, Service>> =>
  (parse(composeFile(topology)) as { services: Record<string, Service> }).services;

describe('docker-compose.yml', () => {
  it('is what the topology gives; else `npm run custos -- compose file --out docker-compose.yml`', () => {
    expect(readFileSync(join(root, 'docker-compose.yml'), 'utf8')).toBe(composeFile(demoTopology()));
  });

  it('has a validator for each member, a service for each that trades, and trace, on the ports of the demo', () => {
    const topology = demoTopology(8400);
    const published = Object.entries(services(topology)).flatMap(([name, { ports = [] }]) =>
      ports.map((port): [string, string] => [name, port]),
    );
    const expected = [
      ...topology.members.map(({ name, ports }) => [`validator-${name}`, ports.validator] as const),
      ...tradingMembers(topology).map(({ name, ports }) => [name, ports.service] as const),
      ['trace', topology.ports.trace] as const,
    ];
    const bound = expected.map(([name, { http }]) => [name, `127.0.0.1:${http}:${http}`]);
    expect(published.sort()).toEqual(bound.sort());
  });

  it('starts nothing before what it needs is healthy', () => {
    const { pharmacy, postgres } = services(demoTopology());
    expect(postgres!.depends_on).toEqual({ init: { condition: 'service_completed_successfully' } });
    expect(pharmacy!.depends_on).toEqual({
      init: { condition: 'service_completed_successfully' },
      kafka: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
      'validator-pharmacy': { condition: 'service_healthy' },
    });
  });

  it('gives no process the secrets of another, and holds none itself', () => {
    for (const [name, { volumes = [] }] of Object.entries(services(demoTopology()))) {
      if (name === 'init') continue;
      const secrets = volumes.filter((volume) => volume.startsWith('secrets-'));
      for (const volume of secrets) expect(volume).toMatch(new RegExp(`^secrets-${name}:[^:]*:ro$`));
    }
    expect(composeFile(demoTopology())).not.toMatch(/PASSWORD: |:\/\/[^ ]*:[^ ]*@/);
  });
});

describe('what init hands out', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-hand-out-'));
  const state = join(directory, 'state');
  const handOut = join(directory, 'hand-out');
  afterAll(() => rmSync(directory, { recursive: true }));

  const files = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readdirSync(handOut).flatMap((folder) =>
        readdirSync(join(handOut, folder)).map((file) => [
          `${folder}/${file}`,
          readFileSync(join(handOut, folder, file), 'utf8'),
        ]),
      ),
    );

  it('is each process its own key, and the same at every run', async () => {
    await handOutSecrets({ topology: demoTopology(), state, handOut });
    const first = files();
    const keys = Object.keys(first).filter((file) => file.endsWith('signing.key'));
    // Four validators, four parties; the player asks with the regulator's, as trace does.
    expect(keys).toHaveLength(9);
    expect(new Set(keys.map((file) => first[file])).size).toBe(8);
    await handOutSecrets({ topology: demoTopology(), state, handOut });
    expect(files()).toEqual(first);
  });

  it('lets a service know a token by its hash only, and a database by its own password only', () => {
    const found = files();
    const access = JSON.parse(found['story/access.json']!) as Record<string, { token: string }>;
    for (const { token } of Object.values(access)) {
      expect(token.length).toBeGreaterThan(20);
      for (const [file, text] of Object.entries(found))
        if (!file.startsWith('story/')) expect(text).not.toContain(token);
    }
    const passwords = ['manufacturer', 'distributor', 'pharmacy', 'trace'].map(
      (name) => new URL(found[`${name}/postgres.url`]!).password,
    );
    expect(new Set(passwords).size).toBe(4);
    for (const password of passwords) expect(found['postgres/databases.sql']).toContain(`PASSWORD '${password}'`);
    expect(found['pharmacy/postgres.url']).toMatch(
      /^postgres:\/\/custos_demo_pharmacy:[^@]*@postgres:5432\/custos_demo_pharmacy\n$/,
    );
  });

  it('is readable by its owner only, but for Postgres, which reads as a user of its own', () => {
    for (const file of Object.keys(files()))
      expect([file, statSync(join(handOut, file)).mode & 0o077]).toEqual([
        file,
        file.startsWith('postgres/') ? 0o044 : 0,
      ]);
  });
});
