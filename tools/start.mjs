// The one door: every `npm run` command is `node tools/start.mjs NAME`. Plain JavaScript on Node 20.19 and
// `node:` imports only, because it runs before anything is installed. It sets up what the command needs
// (packages, Kafka's jars, the build), then hands over to the pinned Node and passes signals on.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingWords } from './closing-words.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

const COMMANDS = {
  demo: {
    help: 'play the life of one pallet on a real network; --once, --reset, --port-base N',
    servers: true,
    build: true,
  },
  dev: { help: 'the network, with what runs changed code restarted as you write', servers: true, build: true },
  test: { help: 'everything CI runs: build, format, lint, repository rules, all suites', servers: true, build: true },
  check: { help: 'the quick part of test: no Kafka, no Postgres, no simulation', servers: false, build: true },
  chaos: {
    help: 'kill every process of a network under load, again and again; CUSTOS_CHAOS_ROUNDS, CUSTOS_CHAOS_SEED',
    servers: true,
    build: true,
  },
  bench: { help: 'measure, print a table, write bench/results', servers: true, build: true },
  conformance: {
    help: 'run the public suites; --target URL --token TOKEN: also against a server; --data DIR',
    servers: false,
    build: true,
  },
  build: { help: 'compile every project', servers: false, build: true },
  fix: { help: 'mend format and lint', servers: false, build: false },
  custos: { help: 'the custos command; `npm run custos -- help`', servers: false, build: true },
  help: { help: 'this list', servers: false, build: false },
};

/** How often `npm run chaos` kills each process: half an hour on two quiet cores. */
const CHAOS_ROUNDS = '40';

const [name = 'help', ...rest] = process.argv.slice(2);
const started = Date.now();
/** What fetching packages and jars took; 0 when all was there. */
let downloadMs = 0;

main().catch((error) => {
  console.error(`\n${error.message}`);
  process.exit(1);
});

async function main() {
  const command = COMMANDS[name];
  if (!command) throw new Error(`no command ${name}; one of: ${Object.keys(COMMANDS).join(', ')}`);
  if (name === 'help') return printHelp();
  requireNode();
  if (command.servers) requireKafkaRuntime();
  const fetched = await Promise.all([install(), command.servers ? fetchKafka() : false]);
  if (fetched.includes(true)) downloadMs = Date.now() - started;
  if (command.build) await build();
  process.exitCode = await run();
}

function printHelp() {
  for (const [key, { help }] of Object.entries(COMMANDS)) console.log(`npm run ${key.padEnd(12)} ${help}`);
}

// ---- what must be there before we start

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Custos needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

function requireKafkaRuntime() {
  if (process.env.CUSTOS_KAFKA) return;
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = /version "(\d+)/.exec(java.stderr ?? '');
  const javaThere = java.status === 0 && version !== null && Number(version[1]) >= 17;
  const jarsThere = existsSync(at('.custos/kafka/lib/.complete'));
  const mavenThere = jarsThere || spawnSync('mvn', ['-v']).status === 0;
  if (javaThere && mavenThere) return;
  if (spawnSync('docker', ['version']).status === 0) return;
  throw new Error(
    'Kafka needs Java 17 or newer and Maven (apt-get install openjdk-17-jre-headless maven), ' +
      'or a running Docker engine, or a broker of yours in CUSTOS_KAFKA=host:port.',
  );
}

// ---- set-up, each step only when what it reads has changed

async function install() {
  const note = at('node_modules/.custos-lock');
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  if (existsSync(note) && readFileSync(note, 'utf8') === lock) return false;
  say('installing packages');
  // npm runs on the Node that runs us, never on the pinned one, which it is about to delete.
  const npm = process.env.npm_execpath ?? 'npm';
  const [file, args] = npm.endsWith('.js') ? [process.env.npm_node_execpath ?? process.execPath, [npm]] : [npm, []];
  await must(file, [...args, 'ci', '--loglevel=error'], { quiet: true, what: 'npm ci' });
  writeFileSync(note, lock);
  say('packages installed');
  return true;
}

async function fetchKafka() {
  const lib = at('.custos/kafka/lib');
  const pom = at('libs/dev/servers/kafka/pom.xml');
  if (process.env.CUSTOS_KAFKA || existsSync(join(lib, '.complete')) || spawnSync('mvn', ['-v']).status !== 0)
    return false;
  say("fetching Kafka's jars");
  const partial = `${lib}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const args = [
    '-q',
    '-B',
    '-f',
    pom,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${partial}`,
    '-DincludeScope=runtime',
  ];
  await must('mvn', args, { quiet: true, what: 'Maven' });
  rmSync(lib, { recursive: true, force: true });
  writeFileSync(join(partial, '.complete'), '');
  renameSync(partial, lib);
  say("Kafka's jars are here");
  return true;
}

async function build() {
  await must(pinnedNode(), [at('node_modules/ts7/bin/tsc'), '-b', root], { what: 'the build' });
}

// ---- the commands

async function run() {
  switch (name) {
    case 'build':
      return 0;
    case 'demo':
    case 'dev':
    case 'bench':
    case 'conformance':
      return hand([at('apps/cli/dist/main.js'), name, ...rest]);
    case 'chaos':
      return hand(
        [
          ...[at('node_modules/jest/bin/jest.js'), '-c', at('jest.config.cjs')],
          ...['--rootDir', at('libs/dev/network'), 'src/faults.e2e', ...rest],
        ],
        {
          CUSTOS_SUITE: 'e2e',
          CUSTOS_CHAOS_ROUNDS: process.env.CUSTOS_CHAOS_ROUNDS ?? CHAOS_ROUNDS,
        },
      );
    case 'custos':
      return hand([at('apps/cli/dist/main.js'), ...rest]);
    case 'fix':
      return (
        (await hand([at('node_modules/prettier/bin/prettier.cjs'), '--write', '--log-level=warn', root])) ||
        lint(['--fix'])
      );
    case 'check':
      return suites(['test']);
    default:
      return suites(['test', 'sim', 'int', 'e2e', 'containers']);
  }
}

/** Format, lint, then each suite over the projects that declare it; ends with what failed, and the counts. */
async function suites(names) {
  for (const file of resultFiles()) rmSync(file, { force: true });
  const steps = [];
  if (await hand([at('node_modules/prettier/bin/prettier.cjs'), '--check', '--log-level=warn', root]))
    steps.push('format');
  if (await lint([])) steps.push('lint');
  for (const suite of names) {
    say(`suite ${suite}`);
    const parallel = suite === 'test' || suite === 'sim' ? '2' : '1';
    const status = await nx(['run-many', '-t', suite, `--parallel=${parallel}`, '--outputStyle=static', ...rest]);
    if (status !== 0 && !resultFiles().some((file) => file.endsWith(`.${suite}.json`) && failedIn(file)))
      steps.push(`suite ${suite}`);
  }
  const { failed, text } = closingWords(resultFiles(), steps);
  say('done');
  // The bench reports it with its own figures (test_s).
  if (failed === 0 && names.length > 1) {
    mkdirSync(at('.custos'), { recursive: true });
    writeFileSync(at('.custos/test_s'), String((Date.now() - started) / 1000));
  }
  console.log(text);
  return failed === 0 ? 0 : 1;
}

// The boundary rule reads nx's project graph, so that lint runs through nx and nowhere else.
function lint(args) {
  return nx(['run', '@custos/tools:lint', '--outputStyle=static', ...args]);
}

function nx(args) {
  return hand([at('node_modules/nx/dist/bin/nx.js'), ...args]);
}

function resultFiles() {
  const projects = [at('tools'), ...children(at('apps')), ...children(at('libs')).flatMap(children)];
  return projects.flatMap((project) =>
    readdirSync(project)
      .filter((file) => file.startsWith('.results.'))
      .map((file) => join(project, file)),
  );
}

function children(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name));
}

function failedIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).failed > 0;
}

// ---- processes

function pinnedNode() {
  const pinned = at('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(pinned) ? pinned : process.execPath;
}

/** Runs a script under the pinned Node until it ends; signals reach it, its exit status is ours. */
function hand(args, env = {}) {
  const node = pinnedNode();
  const path = dirname(node) + delimiter + at('node_modules/.bin') + delimiter + (process.env.PATH ?? '');
  const child = spawn(node, args, {
    cwd: name === 'custos' || name === 'conformance' ? (process.env.INIT_CWD ?? root) : root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: path,
      CUSTOS_STARTED_AT: String(started),
      CUSTOS_DOWNLOAD_MS: String(downloadMs),
      ...env,
    },
  });
  const forward = (signal) => child.kill(signal);
  // A terminal sends Ctrl-C to the whole group: the child has it already, we only outlive it.
  const ignore = () => undefined;
  process.on('SIGTERM', forward).on('SIGINT', ignore);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', forward).off('SIGINT', ignore);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs a set-up step; quiet ones show their output only when they fail. */
function must(file, args, { quiet = false, what }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => reject(new Error(`${what} could not start: ${error.message}`)));
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${output}\n${what} failed (exit ${code}).`)),
    );
  });
}

function say(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${text}`);
}
