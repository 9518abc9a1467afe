import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditChain } from '../demo/audit.js';
import { playLife } from '../demo/story.js';
import { demoTopology } from '../demo/demo-topology.js';
import { composeLacks, openComposed, type ComposedNetwork } from '../testing/composed-network.js';

const root = join(__dirname, '..', '..', '..', '..', '..');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 20_000 + (process.pid % 47) * 40;
/** The image is built from nothing, and ten containers start. */
const BUILD_MS = 1_800_000;
const STORY_MS = 300_000;

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly User: string };
  readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly CapDrop: readonly string[] };
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string }[] | null>> };
  readonly State: { readonly ExitCode: number };
}

const lack = composeLacks();
if (lack !== undefined) process.stderr.write(`containers: tests are skipped, ${lack}\n`);

(lack === undefined ? describe : describe.skip)(`the network in containers${lack ? ` (skipped: ${lack})` : ''}`, () => {
  const topology = demoTopology(PORTS);
  let directory: string;
  let network: ComposedNetwork;
  const names = [
    ...topology.members.map(({ name }) => `validator-${name}`),
    ...['manufacturer', 'distributor', 'pharmacy', 'trace'],
  ];
  const inspect = async (...services: readonly string[]) =>
    JSON.parse(await network.docker('inspect', ...services.map(network.container))) as readonly Inspected[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'custos-compose-'));
    network = await openComposed(root, directory, topology);
  }, BUILD_MS);
  afterAll(async () => {
    await network?.compose('down', '--volumes', '--remove-orphans');
    rmSync(directory, { recursive: true, force: true });
  }, BUILD_MS);

  it(
    'lives the life of one pallet as the demo does, a validator killed on the way, and an auditor agrees',
    async () => {
      const steps: number[] = [];
      const lines: string[] = [];
      await playLife(network.stage, { step: (n) => steps.push(n), line: (line) => lines.push(line) });
      expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(lines.join('\n')).toContain('validator-regulator (process undefined) is back');
      const { genesisFile, keyFile } = network;
      const audit = { root, genesisFile, keyFile, file: join(directory, 'chain.custos') };
      expect(auditChain(network.stage, audit)).toContain('right from block 0');
    },
    STORY_MS,
  );

  it(
    'plays the same from a container of its own',
    async () => {
      expect(await network.compose('run', '--rm', '-T', 'story')).toContain('every step came out as it should');
    },
    STORY_MS,
  );

  it('runs no service as root, lets none write to its image, and shows ports to this machine only', async () => {
    for (const { Name, Config, HostConfig, NetworkSettings } of await inspect(...names)) {
      expect([Name, Config.User, HostConfig.ReadonlyRootfs, HostConfig.CapDrop]).toEqual([
        Name,
        '1000:1000',
        true,
        ['ALL'],
      ]);
      const bound = Object.values(NetworkSettings.Ports).flatMap((ports) => ports ?? []);
      expect(bound.length).toBeGreaterThan(0);
      for (const { HostIp } of bound) expect([Name, HostIp]).toEqual([Name, '127.0.0.1']);
    }
    for (const { NetworkSettings } of await inspect('kafka', 'postgres'))
      expect(Object.values(NetworkSettings.Ports).flatMap((ports) => ports ?? [])).toEqual([]);
  });

  it('has no secret in its image', async () => {
    const look =
      'ls -A /var/lib/custos; ls -d /run/custos; find / -xdev -name "*.key" -not -path "/proc/*" 2>/dev/null; true';
    expect(await network.docker('run', '--rm', 'custos', 'sh', '-c', look)).toBe('');
  });

  it('K8: a second container on the chain of a validator that runs is refused', async () => {
    await expect(network.runIn('validator-regulator')).rejects.toMatchObject({
      stdout: expect.stringContaining('another process works in /var/lib/custos'),
    });
  }, 60_000);

  it(
    'ends in order on SIGTERM, and finds its data again when it comes up from nothing but its volumes',
    async () => {
      const known = async () => {
        const { body } = await network.stage.traceAs('regulator').get('/blocks?limit=1');
        return (body as { asOf: { height: number } }).asOf.height;
      };
      const before = await known();
      await network.compose('stop');
      expect((await inspect(...names)).map(({ Name, State }) => [Name, State.ExitCode])).toEqual(
        names.map((name) => [`/${network.container(name)}`, 0]),
      );
      await network.compose('down');
      await network.up();
      expect(await known()).toBeGreaterThanOrEqual(before);
      const { status } = await network.stage.service('manufacturer').get('/inventory');
      expect(status).toBe(200);
    },
    BUILD_MS,
  );
});
