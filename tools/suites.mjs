// `npm test` and `npm run check`: format and lint beside the suites, a second run where CI asks for it, the closing
// words. Each suite runs through nx over the projects that declare it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closingWords } from './closing-words.mjs';
import { writeInnerDependencies } from './inner-dependencies.mjs';
import { at, report, root, runScript, started } from './processes.mjs';
import { projectsOf } from './projects.mjs';
import { runSuite } from './run-suite.mjs';
import { secondRuns, withSecondRun } from './second-runs.mjs';
import { timeTable } from './step-times.mjs';
import { startTestServers } from './test-servers.mjs';

/** Suites that only compute, so that two projects fill two cores; all others wait for processes and share ports. */
const COMPUTING = ['test', 'sim'];
/** Suites whose tests find a broker and a Postgres in their environment. */
const ON_SERVERS = ['int', 'e2e'];
/** Exit status after Ctrl-C: no other suite begins. */
const INTERRUPTED = 130;

/**
 * Runs format, lint and the suites `names`; prints what failed, the seconds of each step, and the counts. Returns the
 * exit status. `only` limits all to some projects, `steps` are those that ran before, `nxArgs` go to nx.
 */
export async function runSuites(options) {
  let servers;
  const envOf = async (suite) => {
    if (!ON_SERVERS.includes(suite)) return {};
    // Without them each run of jest tries to start its own, and says what is missing.
    servers ??= await startTestServers().catch((error) => ({ env: {}, stop: () => report(error.message) }));
    return servers.env;
  };
  try {
    return await runAll(options, envOf);
  } finally {
    await servers?.stop();
  }
}

async function runAll({ names, only, steps, nxArgs = [], again = false }, envOf) {
  const all = projectsOf(root);
  const projects = only ?? all;
  removeResults(all);
  // nx keeps what it has cached in a database beside the cache. Without the cache that is wrong for ever.
  if (!existsSync(at('.nx/cache'))) rmSync(at('.nx'), { recursive: true, force: true });
  const times = [...steps];
  const failedSteps = [];
  // The integration tests wait much: what only computes runs beside them.
  const host = names.includes('int') ? 'int' : names[0];
  let runs = [];
  for (const suite of names) {
    const beside = suite === host ? formatAndLint(only, suite) : undefined;
    const { status, time, found, failed } = await runSuiteOf(suite, {
      all,
      projects,
      only,
      nxArgs,
      env: await envOf(suite),
    });
    if (status === INTERRUPTED) return status;
    times.push(time);
    runs.push(...found);
    if (failed) failedSteps.push(`suite ${suite}`);
    for (const { name, output, ...rest } of (await beside) ?? []) {
      if (rest.status !== 0) failedSteps.push(name);
      times.push({ name, ...rest });
      if (output.trim() !== '') console.log(`\n${name}\n${output.trim()}\n`);
    }
  }
  let unsteady = [];
  if (again) ({ runs, unsteady } = await runAgain(runs, times, envOf));
  const silent = runs.filter(({ entries }) => entries === undefined);
  failedSteps.push(...silent.map(({ project, suite }) => `suite ${suite} of ${project} (no counts)`));
  const table = timeTable(times, (Date.now() - started) / 1000);
  const entries = runs.flatMap((run) => run.entries ?? []);
  const { failed, text } = closingWords({ entries, steps: failedSteps, unsteady, table });
  report('done');
  if (failed === 0 && names.length > 1) noteSeconds();
  console.log(`\n${text}`);
  return failed === 0 ? 0 : 1;
}

/** Mends manifests, format and lint. Returns the exit status. */
export async function mend() {
  for (const file of writeInnerDependencies(root)) report(`wrote ${file}`);
  const formatted = await runScript([...prettier('--write'), root]);
  return formatted.status || (await nx(['run', '@custos/tools:lint', '--outputStyle=static', '--fix'])).status;
}

/** Runs one suite. A project without counts is in `found` without `entries`, when it must have some. */
async function runSuiteOf(suite, { all, projects, only, nxArgs, env }) {
  report(`suite ${suite}`);
  const declaring = projects.filter(({ targets }) => suite in targets);
  const chosen = only === undefined ? [] : ['-p', declaring.map(({ name }) => name).join(',')];
  const parallel = COMPUTING.includes(suite) ? '2' : '1';
  const run = (...args) =>
    nx(['run-many', '-t', suite, `--parallel=${parallel}`, '--outputStyle=static', ...args, ...nxArgs], { env });
  const before = Date.now();
  const { status, ...first } = declaring.length === 0 ? { status: 0, processor: 0 } : await run(...chosen);
  let { processor } = first;
  // A hit whose files are gone from the cache restores nothing: a pass without counts.
  const unproven = declaring.filter(({ path }) => nxArgs.length === 0 && readResults(path, suite) === undefined);
  if (status === 0 && unproven.length > 0) {
    const second = await run('--skip-nx-cache', '-p', unproven.map(({ name }) => name).join(','));
    if (processor !== undefined) processor += second.processor;
  }
  const time = { name: suite, seconds: (Date.now() - before) / 1000, processor };
  const found = (nxArgs.length === 0 ? declaring : all)
    .map(({ path: project }) => ({ project, suite, entries: readResults(project, suite) }))
    // With arguments of its own nx may have left projects out.
    .filter(({ entries }) => entries !== undefined || nxArgs.length === 0);
  const explained = found.some(({ entries }) => entries === undefined || entries.some((entry) => entry.failed > 0));
  return { status, time, found, failed: status !== 0 && !explained };
}

/** Runs format, then lint, and keeps their output, so that it does not mix with that of the suite. */
async function formatAndLint(only, suite) {
  const places = only?.map(({ path }) => path) ?? [];
  const done = [];
  const step = async (name, work) => {
    const before = Date.now();
    const { status, output, processor } = await work();
    done.push({ name, status, output, processor, seconds: (Date.now() - before) / 1000, beside: suite });
  };
  await step('format', () =>
    runScript([...prettier('--check'), ...(places.length > 0 ? places : [root])], { quiet: true }),
  );
  const lint = ['run', '@custos/tools:lint', '--outputStyle=static', ...places];
  await step('lint', () => nx(lint, { quiet: true }));
  return done.map((each) => ({ ...each, output: each.status === 0 ? '' : each.output }));
}

function prettier(mode) {
  const cache = ['--cache', '--cache-strategy=content', `--cache-location=${at('.custos/cache/prettier')}`];
  return [at('node_modules/prettier/bin/prettier.cjs'), mode, '--log-level=warn', ...cache];
}

/** Runs what failed on real processes once more, one after the other. */
async function runAgain(first, times, envOf) {
  let runs = first;
  const unsteady = [];
  const items = secondRuns(runs);
  const before = Date.now();
  let processor = 0;
  for (const [i, item] of items.entries()) {
    report(`again, alone: ${item.file ?? `suite ${item.suite} of ${item.project}`}`);
    const results = `${item.suite}.again-${i}`;
    const jestArgs = item.file === undefined ? [] : ['--runTestsByPath', at(item.file)];
    const ended = await runSuite({
      project: item.project,
      suite: item.suite,
      jestArgs,
      results,
      env: await envOf(item.suite),
    });
    processor = ended.processor === undefined ? undefined : processor + ended.processor;
    const merged = withSecondRun(runs, item, readResults(item.project, results));
    runs = merged.runs;
    unsteady.push(...merged.unsteady);
  }
  if (items.length > 0) times.push({ name: 'again', seconds: (Date.now() - before) / 1000, processor });
  return { runs, unsteady };
}

// The boundary rule reads nx's project graph, so that lint runs through nx and nowhere else.
function nx(args, options) {
  return runScript([at('node_modules/nx/dist/bin/nx.js'), ...args], options);
}

function readResults(project, name) {
  const file = at(project, `.results.${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).files : undefined;
}

function removeResults(projects) {
  for (const { path } of projects)
    for (const file of readdirSync(at(path)))
      if (file.startsWith('.results.')) rmSync(join(at(path), file), { force: true });
}

/** The bench reports the seconds of the whole with its own figures (test_s). */
function noteSeconds() {
  mkdirSync(at('.custos'), { recursive: true });
  writeFileSync(at('.custos/test_s'), String((Date.now() - started) / 1000));
}
