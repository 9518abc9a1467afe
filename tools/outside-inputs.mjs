// Prints what test results depend on outside the checkout, for nx's cache: the Node that runs them, the platform,
// and the reference documents in ../shared/data. A reference file that changes has another size or time.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { at, pinnedVersion } from './processes.mjs';

const folder = at('..', 'shared', 'data');
const files = existsSync(folder) ? readdirSync(folder, { recursive: true }).sort() : [];
const stamp = createHash('sha256');
for (const file of files) {
  const { size, mtimeMs } = statSync(join(folder, file));
  stamp.update(`${file} ${size} ${mtimeMs}\n`);
}
console.log(`${pinnedVersion()} ${process.platform} ${process.arch} ${files.length} ${stamp.digest('hex')}`);
