import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateDirectory, savedTopology } from './state-directory.js';
import { demoTopology } from './demo/demo-topology.js';

describe('the folder of a network', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-state-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('knows the ports of its last start, and of none before the first', async () => {
    expect(savedTopology(directory)).toBeUndefined();
    for (const topology of [demoTopology(17_400), demoTopology(18_400, 'custos-bench')]) {
      await openStateDirectory(directory, topology);
      expect(savedTopology(directory)).toEqual(topology);
    }
    for (const text of ['', '{}', '[]', '{"network":1,"portBase":7400}', '{"network":"x","portBase":"7400"}']) {
      writeFileSync(join(directory, 'network.json'), text);
      expect(savedTopology(directory)).toBeUndefined();
    }
  });
});
