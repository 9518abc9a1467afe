import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { verifyFile } from './chain/verify-chain.js';

const FOLDER = join(__dirname, '..', '..', '..', 'vectors', 'replay');

/** The state root that each version of the law gave its chain file (L0). A change here is a change of the law. */
const ROOTS: Readonly<Record<string, string>> = {
  'law-1': '90ea465568f4bc8297a840be0f3e8ec31789eca162a3beb60b173392a7dbf5af',
};

describe('L0: every law version replays its chain file to the recorded root', () => {
  it('knows every file', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.custos'));
    expect(files.map((name) => name.replace('.custos', ''))).toEqual(Object.keys(ROOTS));
  });

  it.each(Object.entries(ROOTS))('%s', async (law, stateRoot) => {
    const report = await verifyFile(join(FOLDER, `${law}.custos`), join(FOLDER, `${law}.genesis.json`));
    expect(report).toMatchObject({ stateRoot });
  });
});
