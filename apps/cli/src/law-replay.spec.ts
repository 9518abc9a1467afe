import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { genesisJson } from '@custos/core-chain';
import { verifyFile } from './chain/verify-chain.js';
import { lawStory } from '@custos/core-execution/testing';

const FOLDER = join(__dirname, '..', '..', '..', 'vectors', 'replay');
const NEWEST = 'law-1';

/** The state root that each version of the law gave its chain file (L0). A change here is a change of the law. */
const ROOTS: Readonly<Record<string, string>> = {
  'law-1': '035f336a0482592a74a9ef14477b76b7c9b840dd6bc36229ff50f95dd355abd7',
};

const chainFileOf = (law: string): string => join(FOLDER, `${law}.custos`);
const genesisFileOf = (law: string): string => join(FOLDER, `${law}.genesis.json`);

describe('L0: every law version replays its chain file to the recorded root', () => {
  it('the file of the newest law is the one that its story gives (CUSTOS_WRITE_VECTORS=1 writes it)', () => {
    const { genesis, file } = lawStory(NEWEST);
    const genesisText = JSON.stringify(genesisJson(genesis), undefined, 1) + '\n';
    if (process.env.CUSTOS_WRITE_VECTORS === '1') {
      writeFileSync(chainFileOf(NEWEST), file);
      writeFileSync(genesisFileOf(NEWEST), genesisText);
    }
    expect(readFileSync(chainFileOf(NEWEST)).equals(file)).toBe(true);
    expect(readFileSync(genesisFileOf(NEWEST), 'utf8')).toBe(genesisText);
  });

  it('knows every file', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.custos'));
    expect(files.map((name) => name.replace('.custos', ''))).toEqual(Object.keys(ROOTS));
  });

  it.each(Object.entries(ROOTS))('%s', async (law, stateRoot) => {
    const report = await verifyFile(chainFileOf(law), genesisFileOf(law));
    expect(report).toMatchObject({ stateRoot, height: 12, transactions: 12, accepted: 15, refused: 4 });
  });
});
