import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from './source-rules.js';

export const root = join(__dirname, '..', '..');

/** Files of the checkout, those not added yet too, without what git ignores. */
export const tracked: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

export const sourceOf = (path: string): Source => ({ path, text: readFileSync(join(root, path), 'utf8') });
