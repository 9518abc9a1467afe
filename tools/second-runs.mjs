// Suites on real processes can fail for a reason outside the code, such as a machine that is busy. In CI what failed
// there runs once more, alone, at the end. Then the second result counts, and each test that failed before and passes
// now is reported as unsteady: a defect to mend.

/** Suites that start brokers, databases or whole networks. All others never run twice. */
export const REAL_SUITES = ['int', 'e2e', 'containers'];

/**
 * Returns what is to run again: a spec file with failures, or the whole suite of a project that ended without counts.
 * `runs` are `{ project, suite, entries }`; `entries` is undefined when there are no counts.
 */
export function secondRuns(runs) {
  return runs
    .filter(({ suite }) => REAL_SUITES.includes(suite))
    .flatMap(({ project, suite, entries }) =>
      entries === undefined
        ? [{ project, suite, file: undefined }]
        : entries.filter(({ failed }) => failed > 0).map(({ file }) => ({ project, suite, file })),
    );
}

/**
 * Returns `runs` with the results of a second run in place of the first, and the names of the tests that were unsteady.
 * A second run without counts changes nothing.
 */
export function withSecondRun(runs, { project, suite, file }, second) {
  if (second === undefined || second.length === 0) return { runs, unsteady: [] };
  const unsteady = [];
  const replaced = runs.map((run) => {
    if (run.project !== project || run.suite !== suite) return run;
    if (run.entries === undefined) {
      if (second.every(({ failed }) => failed === 0)) unsteady.push(`${project}: suite ${suite} ended without counts`);
      return { ...run, entries: second };
    }
    const entries = run.entries.map((first) => {
      const again = first.file === file ? second.find((entry) => entry.file === file) : undefined;
      if (again !== undefined) unsteady.push(...passedNow(first, again));
      return again ?? first;
    });
    return { ...run, entries };
  });
  return { runs: replaced, unsteady };
}

function passedNow(first, again) {
  const failing = new Set(again.failures.map(({ test }) => test));
  // A file that cannot be loaded has none of the tests that failed: those are not known to pass.
  if (failing.size > 0 && again.passed === 0) return [];
  return first.failures.filter(({ test }) => !failing.has(test)).map(({ test }) => `${first.file}: ${test}`);
}
