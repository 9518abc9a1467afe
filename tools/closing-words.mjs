// The last lines of `npm test`: the end of a log is often all that is kept, so it says what failed and why.
import { readFileSync } from 'node:fs';

/** Whole messages up to here, then names alone: the counts must stay in sight. */
const TOLD_IN_FULL = 20;

/** Sums the notes of tools/jest-counts.cjs; `steps` are the names of other steps that failed, such as lint. */
export function closingWords(files, steps) {
  const total = { passed: 0, failed: steps.length, skipped: 0 };
  const failures = steps.map((name) => ({ name, message: 'its output is above' }));
  for (const file of files) {
    const noted = JSON.parse(readFileSync(file, 'utf8'));
    for (const key of Object.keys(total)) total[key] += noted[key];
    failures.push(...(noted.failures ?? []));
  }
  const told = failures.flatMap(({ name, message }, i) =>
    i < TOLD_IN_FULL ? ['', `FAILED ${name}`, indented(message)] : [`FAILED ${name}`],
  );
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  const counts = `${total.passed} passed, ${total.failed} failed${skipped}`;
  return { failed: total.failed, text: [...told, ...(told.length > 0 ? [''] : []), counts].join('\n') };
}

function indented(message) {
  return message.replaceAll(/^/gm, '  ');
}
