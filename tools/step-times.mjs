// The seconds of each step of `npm test`, as a table.

/** Returns the lines of a table of `steps`, each `{ name, seconds, processor, beside }`, and of the whole. */
export function timeTable(steps, wholeSeconds) {
  const known = steps.every(({ processor }) => processor !== undefined);
  const total = steps.reduce((sum, { processor }) => sum + (processor ?? 0), 0);
  const rows = [
    ['step', 'seconds', ...(known ? ['processor'] : []), ''],
    ...steps.map(({ name, seconds, processor, beside }) => row(name, seconds, processor, beside && `beside ${beside}`)),
    row('all', wholeSeconds, total),
  ];
  function row(name, seconds, processor, note = '') {
    return [name, seconds.toFixed(1), ...(known ? [processor.toFixed(1)] : []), note];
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 || column === cells.length - 1 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}
