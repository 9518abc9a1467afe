// The one door: every `npm run` command is `node tools/start.mjs NAME`. Plain JavaScript on Node 20.19 and
// `node:` imports only, because it runs before anything is installed. It sets up what the command needs
// (packages, Kafka's jars, the build), then hands over to the pinned Node and passes signals on.
import { againstOf, benchAgainst } from './bench-against.mjs';
import { oneProject } from './find-project.mjs';
import { newLibrary } from './new-library.mjs';
import { chooseSpecs } from './one-project.mjs';
import { at, report, root, runScript, started } from './processes.mjs';
import { projectsOf, withDependants } from './projects.mjs';
import { runSuite } from './run-suite.mjs';
import { build, fetchKafka, install, requireKafka, requireNode } from './setup.mjs';
import { alone } from './setup-lock.mjs';
import { mend, runSuites } from './suites.mjs';
import { helpLines } from './usages.mjs';

const COMMANDS = {
  t: {
    help: "one project's specs by name, without build: custody packing, core/chain, shell/lanes kafka-lanes.int",
    servers: false,
    build: false,
  },
  check: {
    help: 'the quick part of test: no Kafka, no Postgres, no simulation; PROJECT: it and what depends on it',
    servers: false,
    build: true,
  },
  test: { help: 'everything CI runs: build, format, lint, repository rules, all suites', servers: true, build: true },
  fix: { help: 'mend format, lint and the manifests of projects', servers: false, build: false },
  demo: {
    help: 'play the life of one pallet on a real network; --once, --reset, --port-base N',
    servers: true,
    build: true,
  },
  dev: { help: 'the network, with what runs changed code restarted as you write', servers: true, build: true },
  chaos: {
    help: 'kill every process of a network under load, again and again; CUSTOS_CHAOS_ROUNDS, CUSTOS_CHAOS_SEED',
    servers: true,
    kafka: true,
    build: true,
  },
  bench: {
    help: 'measure, print a table, write bench/results; --against REF: beside another commit, in turns',
    servers: true,
    kafka: true,
    build: true,
  },
  conformance: {
    help: 'run the public suites; --target URL --token TOKEN: also against a server; --data DIR',
    servers: false,
    build: true,
  },
  build: { help: 'compile every project', servers: false, build: true },
  'new:lib': { help: 'make a room of the house: core/rules, node/claims', servers: false, build: false },
  custos: { help: 'the custos command; `npm run custos -- help`', servers: false, build: true },
  help: { help: 'this list', servers: false, build: false },
};

/** Options that ask how a command is called. */
const HELP = ['--help', '-h'];
/** Commands whose results CI judges. */
const TESTS = ['t', 'check', 'test'];

/** How often `npm run chaos` kills each process: half an hour on two quiet cores. */
const CHAOS_ROUNDS = '40';

const [name = 'help', ...rest] = process.argv.slice(2);
/** The steps so far, for the table at the end of `npm test`. */
const steps = [];
/** Milliseconds that fetching packages and jars took; 0 when all was there. */
let downloadMs = 0;

main().catch((error) => {
  console.error(`\n${error.message}`);
  process.exit(error.exitCode ?? 1);
});

async function main() {
  const command = COMMANDS[name];
  if (!command) throw new Error(`no command ${name}; one of: ${Object.keys(COMMANDS).join(', ')}`);
  if (name === 'help') return printHelp();
  if (answersHelp(command)) return;
  requireNode();
  await setUp(command);
  process.exitCode = await run();
}

function printHelp() {
  for (const [key, { help }] of Object.entries(COMMANDS)) console.log(`npm run ${key.padEnd(12)} ${help}`);
}

/** Prints the help that the arguments ask for, without a set-up; returns false when they ask for none. */
function answersHelp({ help }) {
  const asks = (word) => HELP.includes(word);
  const options = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
  const isCustos = name === 'custos';
  if (!options.some(asks) && !(isCustos && (rest.length === 0 || rest[0] === 'help'))) return false;
  const words = options.filter((word) => !asks(word) && !(isCustos && word === 'help'));
  const lines = helpLines(root, isCustos ? words[0] : name) ?? (isCustos ? undefined : [`npm run ${name}   ${help}`]);
  // The command itself says what is wrong with the name.
  if (lines === undefined) return false;
  for (const line of lines) console.log(line);
  return true;
}

/** Fetches and builds what the command needs; of two commands in one checkout the second waits for the first. */
function setUp(command) {
  if (command.servers && needsKafka(command)) requireKafka();
  const onWait = () => report('another custos command is installing here; waiting');
  return alone(at('.custos/setup'), onWait, () => fetchAndBuild(command));
}

/** In CI an absent Kafka is a failure, not a change to file lanes. */
function needsKafka({ kafka }) {
  const { CI, CUSTOS_LANES: lanes } = process.env;
  return lanes === 'kafka' || ((kafka || (CI && TESTS.includes(name))) && lanes !== 'file');
}

async function fetchAndBuild({ servers, build: needsBuild }) {
  const begun = Date.now();
  const fetched = await Promise.all([install(), servers ? fetchKafka() : undefined]);
  const needed = fetched.filter((processor) => processor !== undefined);
  if (needed.length > 0) downloadMs = Date.now() - started;
  const processor = needed.reduce((sum, each) => sum + each, 0);
  steps.push({ name: 'install', seconds: (Date.now() - begun) / 1000, processor });
  if (needsBuild) await timedBuild();
}

async function timedBuild() {
  const begun = Date.now();
  const processor = await build();
  steps.push({ name: 'build', seconds: (Date.now() - begun) / 1000, processor });
}

// ---- the commands

async function run() {
  switch (name) {
    case 'build':
      return 0;
    case 'bench':
      return bench();
    case 'demo':
    case 'dev':
    case 'conformance':
      return custos([name, ...rest]);
    case 'custos':
      return custos(rest);
    case 'chaos':
      return chaos();
    case 'fix':
      return mend();
    case 't':
      return oneProjectsSpecs();
    case 'check':
      return check();
    case 'new:lib':
      return makeLibrary();
    default:
      return test();
  }
}

/** The command of `apps/cli`; paths on the command line of the last two are relative to the caller's folder. */
async function custos(args) {
  const { status } = await runScript([at('apps/cli/dist/main.js'), ...args], {
    cwd: name === 'custos' || name === 'conformance' ? (process.env.INIT_CWD ?? root) : root,
    env: { CUSTOS_STARTED_AT: String(started), CUSTOS_DOWNLOAD_MS: String(downloadMs) },
  });
  return status;
}

async function chaos() {
  const { status } = await runSuite({
    project: 'libs/dev/network',
    suite: 'e2e',
    jestArgs: ['src/faults.e2e', ...rest],
    results: 'chaos',
    env: { CUSTOS_CHAOS_ROUNDS: process.env.CUSTOS_CHAOS_ROUNDS ?? CHAOS_ROUNDS },
  });
  return status;
}

async function oneProjectsSpecs() {
  const { project, suite, files, jestArgs, needsBuild, others } = chooseSpecs(rest);
  if (suite !== 'test') report(`suite ${suite} of ${project}`);
  if (suite === 'int' || suite === 'e2e') await setUp({ servers: true, build: true });
  else if (needsBuild) await build();
  const chosen = files.length === 0 ? [] : ['--runTestsByPath', ...files];
  const { status } = await runSuite({ project, suite, jestArgs: [...chosen, ...jestArgs], results: 't' });
  if (others.length > 0) console.log(`\nnot run, by the same name in other suites: ${others.join(' ')}`);
  return status;
}

function bench() {
  const { ref, others } = againstOf(rest);
  return ref === undefined ? custos(['bench', ...others]) : benchAgainst(ref, others);
}

async function makeLibrary() {
  const todo = newLibrary(root, rest[0]);
  const status = await mend();
  console.log([`\nmade libs/${rest[0]}. Left to do:`, ...todo.map((line) => `- ${line}`)].join('\n'));
  return status;
}

function check() {
  const word = rest[0]?.startsWith('-') === false ? rest[0] : undefined;
  if (word === undefined) return runSuites({ names: ['test'], steps, nxArgs: rest });
  const projects = projectsOf(root);
  const only = withDependants(projects, oneProject(projects, word).path);
  return runSuites({ names: ['test'], only, steps, nxArgs: rest.slice(1) });
}

/** In CI what fails on real processes runs once more: a developer sees the first failure, and `--again` asks for both. */
function test() {
  const nxArgs = rest.filter((word) => word !== '--again');
  const again = nxArgs.length < rest.length || Boolean(process.env.CI);
  return runSuites({ names: ['test', 'sim', 'int', 'e2e', 'containers'], steps, nxArgs, again });
}
