// Notes what ran in `.results.<suite>.json`, so that tools/start.mjs can add up every project's counts and say the
// failures once more at its end.
const { writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

/** Enough of a message to see what is wrong; characters. */
const MESSAGE_LIMIT = 2_000;

module.exports = class Counts {
  onRunComplete(_contexts, results) {
    const name = process.env.CUSTOS_RESULTS ?? process.env.CUSTOS_SUITE ?? 'test';
    const noted = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests,
      failures: results.testResults.flatMap(failuresOf),
    };
    writeFileSync(join(process.cwd(), `.results.${name}.json`), JSON.stringify(noted));
  }
};

function failuresOf({ testFilePath, testResults, testExecError, failureMessage }) {
  const root = join(__dirname, '..');
  const named = (name, message) => ({ name: `${relative(root, testFilePath)}: ${name}`, message: shorten(message) });
  if (testExecError) return [named('the file itself', failureMessage ?? testExecError.message)];
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => named(fullName, failureMessages.join('\n')));
}

/** Without colours and without the frames of libraries. */
function shorten(message) {
  const plain = String(message).replaceAll(/\u001b\[[0-9;]*m/g, '');
  const lines = plain.split('\n').filter((line) => !/^\s+at .*node_modules|^\s+at .*\(?node:/.test(line));
  const text = lines.join('\n').trim();
  return text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)} ...` : text;
}
