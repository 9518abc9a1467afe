// Notes what ran in `.results.<suite>.json`, one entry for each spec file, so that `npm test` can add up the counts of
// every project, list the failures at its end, and replace the entry of a file that it runs again.
const { writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

/** Enough of a message to see what is wrong; characters. */
const MESSAGE_LIMIT = 2_000;

module.exports = class Counts {
  onRunComplete(_contexts, results) {
    const name = process.env.CUSTOS_RESULTS ?? process.env.CUSTOS_SUITE ?? 'test';
    const files = results.testResults.map(entryOf);
    writeFileSync(join(process.cwd(), `.results.${name}.json`), JSON.stringify({ files }));
  }
};

function entryOf(result) {
  return {
    file: relative(join(__dirname, '..'), result.testFilePath),
    passed: result.numPassingTests,
    failed: result.numFailingTests + (result.testExecError ? 1 : 0),
    skipped: result.numPendingTests,
    failures: failuresOf(result),
  };
}

/** Returns each failure with its `test`, and its message. */
function failuresOf({ testResults, testExecError, failureMessage }) {
  if (testExecError) return [{ test: 'the file itself', message: shorten(failureMessage ?? testExecError.message) }];
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ test: fullName, message: shorten(failureMessages.join('\n')) }));
}

/** Without colours and without the frames of libraries. */
function shorten(message) {
  const plain = String(message).replaceAll(/\u001b\[[0-9;]*m/g, '');
  const lines = plain.split('\n').filter((line) => !/^\s+at .*node_modules|^\s+at .*\(?node:/.test(line));
  const text = lines.join('\n').trim();
  return text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)} ...` : text;
}
