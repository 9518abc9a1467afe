// Notes what ran in `.results.<suite>.json`, so that tools/start.mjs can add up every project's counts.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = class Counts {
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests,
    };
    writeFileSync(join(process.cwd(), `.results.${process.env.CUSTOS_SUITE ?? 'test'}.json`), JSON.stringify(counts));
  }
};
