import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './tracked.js';

/** Returns what knip finds in a directory by the configuration of this repository; empty when it finds nothing. */
function unusedIn(directory: string): string {
  const args = [
    '--no-progress',
    '--no-config-hints',
    '--directory',
    directory,
    '--config',
    join(root, 'knip.config.js'),
  ];
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/knip'), args, { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(stderr);
  return stdout;
}

it('there is no file, export, type or package of a manifest that nothing uses', () => {
  expect(unusedIn(root)).toBe('');
});

it('an export of a barrel that no other room imports is found', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-unused-'));
  try {
    const library = join(directory, 'libs/core/a');
    mkdirSync(join(library, 'src'), { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{ "name": "all", "workspaces": ["libs/*/*"] }');
    const exports = { '.': './src/index.ts' };
    writeFileSync(join(library, 'package.json'), JSON.stringify({ name: '@custos/core-a', type: 'module', exports }));
    writeFileSync(join(library, 'src/index.ts'), 'export const dead = 1;\n');
    expect(unusedIn(directory)).toContain('dead');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
