// `npm run t -- PROJECT [FILE] [jest arguments]`: the specs of one project, by name, with jest alone.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { oneProject } from './find-project.mjs';
import { at, root } from './processes.mjs';
import { projectsOf } from './projects.mjs';

/** In the order in which they are looked through for a file. */
const SUITES = ['test', 'sim', 'int', 'e2e'];

/** Returns what to run for the words: `project`, `suite`, `files` (none: all), `jestArgs`, `needsBuild`, `others`. */
export function chooseSpecs([word, ...rest]) {
  if (word === undefined) throw usage('npm run t -- PROJECT [part of a file name] [jest arguments]');
  const projects = projectsOf(root).filter(({ targets }) => SUITES.some((suite) => suite in targets));
  const { path: project, targets } = oneProject(projects, word);
  const pattern = rest[0]?.startsWith('-') === false ? rest[0] : undefined;
  const jestArgs = pattern === undefined ? rest : rest.slice(1);
  const { suite, files, others } = specsFor(specsIn(project), pattern);
  const needsBuild = SUITES.indexOf(suite) > 1 || targets[suite]?.dependsOn !== undefined;
  return { project, suite, files: pattern === undefined ? [] : files, jestArgs, needsBuild, others };
}

/**
 * Returns the spec files whose path contains `pattern` and that belong to the first suite which has any; `others` are
 * matches in later suites. @throws Error with all names when there is no match.
 */
export function specsFor(specs, pattern = '') {
  const matching = specs.filter((file) => file.toLowerCase().includes(pattern.toLowerCase()));
  const suite = SUITES.find((each) => matching.some((file) => suiteOf(file) === each));
  if (suite === undefined)
    throw usage(`no spec file contains ${pattern}; there are:\n${specs.map((file) => `  ${file}`).join('\n')}`);
  const files = matching.filter((file) => suiteOf(file) === suite);
  return { suite, files, others: matching.filter((file) => !files.includes(file)) };
}

/** Returns the suite by the second-last part of a file's name; a name without one of these is of `test`. */
function suiteOf(file) {
  const part = /\.(\w+)\.spec\.ts$/.exec(basename(file))?.[1];
  return SUITES.includes(part) ? part : 'test';
}

function specsIn(project) {
  return readdirSync(at(project, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => `src/${file}`)
    .sort();
}

function usage(message) {
  return Object.assign(new Error(message), { exitCode: 2 });
}
