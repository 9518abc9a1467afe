import { dirname, join } from 'node:path';
import type { Source } from './source-rules.js';

/** Returns each group of files that import each other in a circle, types included; both levels sorted by path. */
export function importCircles(sources: readonly Source[]): readonly (readonly string[])[] {
  const paths = new Set(sources.map(({ path }) => path));
  const edges = new Map(
    sources.map((source) => [source.path, importedFiles(source).filter((path) => paths.has(path))]),
  );
  const reachable = new Map([...paths].map((path) => [path, reachFrom(path, edges)]));
  const groups = new Map<string, string>();
  for (const path of paths) {
    if (!reachable.get(path)!.has(path)) continue;
    const group = [...reachable.get(path)!].filter((other) => reachable.get(other)!.has(path)).sort();
    groups.set(group[0]!, group.join(' '));
  }
  return [...groups.values()].sort().map((group) => group.split(' '));
}

function importedFiles({ path, text }: Source): readonly string[] {
  return [...text.matchAll(/from '(\.[^']+)\.js'/g)].map((match) => `${join(dirname(path), match[1]!)}.ts`);
}

function reachFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...(edges.get(start) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(edges.get(next) ?? []));
  }
  return found;
}
