// Lints the projects that changed since their last clean lint, all in one ESLint process: to start one for each project
// takes three times the processor time. Runs through nx only (`nx run @custos/tools:lint`), because the boundary rule
// reads the project graph that nx writes. Arguments: paths of projects (none: all), --fix.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { at, pinnedVersion, root, runScript } from './processes.mjs';
import { lintKeys } from './lint-keys.mjs';
import { projectsOf } from './projects.mjs';

/** The keys of clean lints, the newest last, by project. */
const NOTES = at('.custos/cache/lint.json');
/** Number of keys that are kept for each project, so that a change which is taken back costs nothing. */
const KEYS_LIMIT = 8;

const fix = process.argv.includes('--fix');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const projects = projectsOf(root);
// Declarations stand for sources only while they are those of the sources: without a build no note counts.
const built = await runScript([at('node_modules/ts7/bin/tsc'), '-b', root], { quiet: true });
const notes = built.status === 0 ? readNotes() : {};
const before = keys();
const changed = projects
  .map(({ path }) => path)
  .filter((path) => (asked.length === 0 || asked.includes(path)) && !notes[path]?.includes(before.get(path)));

if (changed.length === 0) console.log('lint: nothing changed since the last clean lint');
else process.exitCode = (await lint(changed)) ? 0 : 1;

function keys() {
  return lintKeys(root, projects, pinnedVersion());
}

/** Returns whether there were no findings. */
async function lint(paths) {
  console.log(`lint: ${paths.length === projects.length ? 'all projects' : paths.join(' ')}`);
  const found = await findings(paths);
  for (const { filePath, messages } of found)
    for (const { line, column, ruleId, message } of messages)
      console.log(`${relative(root, filePath)}:${line}:${column}  ${message}  ${ruleId ?? ''}`);
  const wrong = found.filter(({ messages }) => messages.length > 0).map(({ filePath }) => relative(root, filePath));
  const clean = paths.filter((path) => !wrong.some((file) => file.startsWith(`${path}/`)));
  if (built.status === 0 && !fix) note(clean);
  return wrong.length === 0;
}

/** @throws Error when ESLint could not do all of its work. */
async function findings(paths) {
  const folder = mkdtempSync(join(tmpdir(), 'custos-lint-'));
  try {
    const file = join(folder, 'findings.json');
    const options = ['--no-error-on-unmatched-pattern', '-f', 'json', '-o', file, ...(fix ? ['--fix'] : [])];
    const { status, output } = await runScript([at('node_modules/eslint/bin/eslint.js'), ...options, ...paths], {
      quiet: true,
    });
    // Without the project graph the boundary rule passes everything.
    if (status > 1 || output.includes('The rule will be skipped')) throw new Error(`ESLint failed:\n${output}`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Notes the clean projects that no one changed while they were linted. */
function note(clean) {
  const after = keys();
  const unchanged = clean.filter((path) => after.get(path) === before.get(path));
  const all = readNotes();
  for (const path of unchanged) all[path] = [...(all[path] ?? []), before.get(path)].slice(-KEYS_LIMIT);
  mkdirSync(dirname(NOTES), { recursive: true });
  writeFileSync(`${NOTES}.${process.pid}`, JSON.stringify(all, null, 1));
  renameSync(`${NOTES}.${process.pid}`, NOTES);
}

function readNotes() {
  try {
    return JSON.parse(readFileSync(NOTES, 'utf8'));
  } catch {
    return {};
  }
}
