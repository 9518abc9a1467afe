// Runs one suite of one project with jest on the pinned Node: `node tools/run-suite.mjs libs/core/custody test`.
// nx calls it for every target that tests, so that a suite needs no environment of its caller.
import { fileURLToPath } from 'node:url';
import { at, runScript } from './processes.mjs';

/** Runs jest; returns `status` and `processor`. The counts go to `.results.<results>.json` in the project. */
export function runSuite({ project, suite, jestArgs = [], results = suite, env = {} }) {
  return runScript([at('node_modules/jest/bin/jest.js'), '-c', at('jest.config.cjs'), ...jestArgs], {
    cwd: at(project),
    env: { ...env, CUSTOS_SUITE: suite, CUSTOS_RESULTS: results },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [project, suite, ...jestArgs] = process.argv.slice(2);
  if (!project || !suite) throw new Error('usage: node tools/run-suite.mjs PROJECT SUITE [jest arguments]');
  process.exitCode = (await runSuite({ project, suite, jestArgs })).status;
}
