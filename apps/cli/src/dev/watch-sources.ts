import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './projects.js';

/** Editors write a file in several steps, and a change of branch touches many: all of it is one change. */
const GATHER_MS = 150;

/** Calls `onChange` once for changes that come together. Returns how to stop. */
export function watchSources(projects: readonly Project[], onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const changed = (_event: string, file: string | null): void => {
    if (file !== null && !file.endsWith('.ts')) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, GATHER_MS);
  };
  const watchers: FSWatcher[] = projects.map(({ folder }) => watch(join(folder, 'src'), { recursive: true }, changed));
  // A folder that goes away while it is watched is a change like any other.
  for (const watcher of watchers) watcher.on('error', () => changed('rename', null));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
