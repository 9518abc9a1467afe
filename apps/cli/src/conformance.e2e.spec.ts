import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCorpus } from '@custos/dev-conformance';
import { demoTopology, startNetwork, type Network } from '@custos/dev-network';
import { runCommand } from './run-command.js';

const root = join(__dirname, '..', '..', '..');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 12_000 + (process.pid % 95) * 20;
const data = join(root, '..', 'shared', 'data');
const present = hasCorpus(data);

it('finds the shared cases, or says that they are not here', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

// A member that owns none of the goods of the examples: its law has nothing to say of them.
(present ? describe : describe.skip)('the public suites, against a network of processes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-conformance-'));
  let network: Network;

  beforeAll(async () => {
    // Postgres runs as a user of its own when we are root: it has to get in.
    chmodSync(directory, 0o755);
    network = await startNetwork({
      topology: demoTopology(PORTS, 'custos-conformance'),
      ...{ directory, root, log: () => undefined },
    });
  }, 120_000);
  afterAll(async () => {
    await network?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(['first', 'second'])(
    'has nothing wrong the %s time',
    async () => {
      const lines: string[] = [];
      const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
      const target = `http://127.0.0.1:${network.topology.ports.members.pharmacy.service}`;
      const { token } = network.state.tokens.pharmacy;
      const status = await runCommand(['conformance', '--data', data, '--target', target, '--token', token]);
      log.mockRestore();
      expect([status, lines.filter((line) => line.includes('wrong: '))]).toEqual([0, []]);
      for (const suite of ['A1', 'A2', 'A3', 'A5'])
        expect(lines.find((line) => line.startsWith(`${suite}   server`))).toContain(' 0 wrong');
    },
    180_000,
  );
});
