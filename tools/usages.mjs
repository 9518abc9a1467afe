// The usage of every `custos` command, read from its source: `--help` answers in a checkout where nothing is installed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEXT = `('[^'\\n]*'|"[^"\\n]*")`;
const COMMAND = new RegExp(`export const (\\w+): Command = \\{\\s*usage: ${TEXT},\\s*summary: ${TEXT},`, 'g');
const ENTRY = /^ {2}\['([\w-]+)', (?:(\w+)\]|\{ usage: '([^'\n]*)', summary: '([^'\n]*)')/gm;
/** Columns of a command and its usage, before its summary. */
const WIDTH = 48;

/** Returns usage and summary of each command by its name, in the order of the table in `commands.ts`. */
export function usagesOf(root) {
  const folder = join(root, 'apps/cli/src');
  const commands = new Map();
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    for (const [, name, usage, summary] of readFileSync(join(folder, file), 'utf8').matchAll(COMMAND))
      commands.set(name, { usage: usage.slice(1, -1), summary: summary.slice(1, -1) });
  }
  const table = readFileSync(join(folder, 'commands.ts'), 'utf8').matchAll(ENTRY);
  return new Map(
    [...table].map(([, name, variable, usage, summary]) => [name, commands.get(variable) ?? { usage, summary }]),
  );
}

/** Returns a line for each command, or that of the named one, as `custos help` prints them; undefined: no such command. */
export function helpLines(root, name) {
  const usages = usagesOf(root);
  if (name !== undefined && !usages.has(name)) return undefined;
  return [...usages]
    .filter(([each]) => name === undefined || each === name)
    .map(([each, { usage, summary }]) => `custos ${`${each} ${usage}`.padEnd(WIDTH)} ${summary}`);
}
