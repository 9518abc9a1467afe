import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callModule } from './call-module.js';

interface Package {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly link?: boolean;
}

const a = { version: '1.0.0', integrity: 'sha512-a' };
const LOCKED: Readonly<Record<string, Package>> = {
  '': { version: '0.1.0' },
  'libs/x': { version: '0.1.0' },
  'node_modules/@custos/x': { link: true },
  'node_modules/a': a,
  'libs/x/node_modules/a': { version: '2.0.0', integrity: 'sha512-b' },
  'node_modules/other-platform': { version: '1.0.0', optional: true },
};
const { 'node_modules/a': _a, ...withoutA } = LOCKED;
const { 'node_modules/other-platform': _other, ...INSTALLED } = LOCKED;

describe('packages that npm installed by hand', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-installed-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function installed(packages?: Readonly<Record<string, Package>>, folders = Object.keys(packages ?? {})): unknown {
    rmSync(directory, { recursive: true, force: true });
    for (const folder of ['node_modules', ...folders]) {
      mkdirSync(join(directory, folder), { recursive: true });
      writeFileSync(join(directory, folder, 'package.json'), '{}');
    }
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify({ packages: LOCKED }));
    if (packages) writeFileSync(join(directory, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
    return callModule('installed.mjs', 'isInstalled', directory);
  }

  it('are counted while they come', () => {
    installed();
    expect(callModule('installed.mjs', 'countInstalled', directory)).toEqual({ here: 0, all: 2 });
    installed(INSTALLED);
    expect(callModule('installed.mjs', 'countInstalled', directory)).toEqual({ here: 2, all: 2 });
  });

  it('are all here when only optional ones are missing', () => {
    expect(installed(INSTALLED)).toBe(true);
  });

  it.each([
    ['npm noted nothing', undefined],
    ['one is missing', withoutA],
    ['one has another version', { ...INSTALLED, 'node_modules/a': { ...a, version: '1.0.1' } }],
    ['one has other content', { ...INSTALLED, 'node_modules/a': { ...a, integrity: 'sha512-c' } }],
  ])('are not here when %s', (_case, packages) => {
    expect(installed(packages)).toBe(false);
  });

  it('are not here when the folder of one is missing, or is not unpacked to its end', () => {
    expect(installed(INSTALLED, ['node_modules/a'])).toBe(false);
    installed(INSTALLED);
    rmSync(join(directory, 'libs/x/node_modules/a/package.json'));
    expect(callModule('installed.mjs', 'isInstalled', directory)).toBe(false);
  });
});
