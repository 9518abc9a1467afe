// The last lines of `npm test`: the end of a log is often all that is kept, so it lists the failures with their
// reasons, the seconds of each step, the unsteady tests, and the counts.

/** Number of failures that are printed with their message, the others by name: the counts must stay in sight. */
const MESSAGES_LIMIT = 20;

/**
 * Returns the number of failures and the closing text. `entries` are those of tools/jest-counts.cjs, `steps` the names
 * of other steps that failed, such as lint; `unsteady` are tests that failed first and then passed alone.
 */
export function closingWords({ entries, steps = [], unsteady = [], table = [] }) {
  const sum = (key) => entries.reduce((total, entry) => total + entry[key], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed') + steps.length, sum('skipped')];
  const failures = [
    ...steps.map((name) => ({ name, message: 'its output is above' })),
    ...entries.flatMap(({ file, failures }) =>
      failures.map(({ test, message }) => ({ name: `${file}: ${test}`, message })),
    ),
  ];
  const listed = failures.flatMap(({ name, message }, i) =>
    i < MESSAGES_LIMIT ? ['', `FAILED ${name}`, indented(message)] : [`FAILED ${name}`],
  );
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  const blocks = [listed, table, unsteady.map((name) => `unsteady: ${name}`)].filter((lines) => lines.length > 0);
  return { failed, text: [...blocks.flatMap((lines) => [...lines, '']), counts].join('\n') };
}

function indented(message) {
  return message.replaceAll(/^/gm, '  ');
}
