// `npm run bench -- --against REF`: measures another commit and this checkout in turns on the same machine, and compares
// the medians. Machines differ from day to day and drift within an hour: only figures of one run are compared.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, report, root, runScript } from './processes.mjs';

/** Old, new, new, old: a drift of the machine over the run weighs on both alike. */
const TURNS = ['old', 'new', 'new', 'old'];

/** A figure that is worse by more counts as a loss. */
const TOLERANCE = 0.05;

/** Returns the arguments without `--against REF`, and the commit; undefined when it is not asked for. */
export function againstOf(words) {
  const place = words.indexOf('--against');
  if (place < 0) return { others: words };
  const [ref] = words.slice(place + 1);
  if (ref === undefined || ref.startsWith('-')) throw new Error('--against: name a commit, such as HEAD~5 or main');
  return { ref, others: words.toSpliced(place, 2) };
}

/** Measures in turns. Returns the exit status: 1 when a figure is worse by more than {@link TOLERANCE}. */
export async function benchAgainst(ref, words) {
  const bench = words.find((word) => !word.startsWith('-') && !/^\d+$/.test(word)) ?? 'slice';
  const commit = git('rev-parse', '--verify', `${ref}^{commit}`);
  const old = checkoutOf(commit);
  const runs = { old: [], new: [] };
  try {
    for (const [i, turn] of TURNS.entries()) {
      report(`bench ${bench}: ${turn}, ${i + 1} of ${TURNS.length}`);
      runs[turn].push(await measure(turn === 'old' ? old : root, bench, words));
    }
  } finally {
    git('worktree', 'remove', '--force', old);
  }
  const rows = comparison(runs.old, runs.new);
  const here = git('describe', '--always', '--dirty', '--abbrev=7');
  const file = at('bench/results', `${bench}.against.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ bench, against: commit.slice(0, 7), here, turns: TURNS, rows }, undefined, 2)}\n`,
  );
  console.log(`\n${tableOf(rows, commit.slice(0, 7))}\n\nwritten to ${file}`);
  return rows.some(({ verdict }) => verdict === 'worse') ? 1 : 0;
}

async function measure(directory, bench, words) {
  const { status } = await runScript([join(directory, 'tools/start.mjs'), 'bench', ...words], { cwd: directory });
  if (status !== 0) throw new Error(`the bench in ${directory} ended with ${status}`);
  return JSON.parse(readFileSync(join(directory, 'bench/results', `${bench}.json`), 'utf8')).metrics;
}

/** Returns the folder of another commit. Not in `.custos/bench`: a bench empties that folder, and took the checkout along. */
export function checkoutFolder(commit) {
  return at('.custos/against', commit.slice(0, 12));
}

/** Makes a checkout with what is already fetched here; its own set-up adds what it lacks. */
function checkoutOf(commit) {
  const directory = checkoutFolder(commit);
  if (!existsSync(directory)) git('worktree', 'add', '--detach', directory, commit);
  const kafka = join(directory, '.custos/kafka');
  if (existsSync(at('.custos/kafka')) && !existsSync(kafka)) {
    mkdirSync(join(directory, '.custos'), { recursive: true });
    symlinkSync(at('.custos/kafka'), kafka);
  }
  return directory;
}

/**
 * Returns a row for each figure that both have: medians, their ratio, and whether the new one is worse or better. The
 * figures of single processes (`rss_mb.trace`) are summed: each alone moves by more than the tolerance between two turns.
 */
export function comparison(oldTurns, newTurns) {
  const [oldRuns, newRuns] = [oldTurns, newTurns].map((turns) => turns.map(totalsOf));
  return oldRuns[0].flatMap(({ name, unit }) => {
    const before = median(valuesOf(oldRuns, name));
    const values = valuesOf(newRuns, name);
    if (values.length === 0) return [];
    const after = median(values);
    const ratio = before === 0 ? undefined : after / before;
    return [{ name, unit, before, after, ratio, verdict: verdictOf(unit, ratio) }];
  });
}

/** Returns the figures of the whole; the sum over its processes where a run has no figure of the whole. */
function totalsOf(metrics) {
  const whole = metrics.filter(({ name }) => !name.includes('.'));
  const sums = new Map();
  for (const { name, unit, value } of metrics) {
    const [of, process] = name.split('.');
    if (process === undefined || whole.some((metric) => metric.name === of)) continue;
    sums.set(of, { name: of, unit, value: (sums.get(of)?.value ?? 0) + value });
  }
  return [...whole, ...sums.values()];
}

function valuesOf(runs, name) {
  return runs.flatMap((metrics) => metrics.filter((metric) => metric.name === name).map(({ value }) => value));
}

/** Returns the median of some numbers: the mean of the two in the middle where their count is even. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** More of what is counted by the second is better; less of time and memory. */
function verdictOf(unit, ratio) {
  if (ratio === undefined || Math.abs(ratio - 1) <= TOLERANCE) return 'same';
  return ratio > 1 === (unit === '1/s') ? 'better' : 'worse';
}

function tableOf(rows, against) {
  const cells = [
    ['figure', against, 'here', 'ratio', ''],
    ...rows.map(({ name, before, after, ratio, verdict }) => [
      name,
      String(Number(before.toPrecision(4))),
      String(Number(after.toPrecision(4))),
      ratio === undefined ? '' : ratio.toFixed(2),
      verdict === 'same' ? '' : verdict,
    ]),
  ];
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  return cells
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '))
    .join('\n');
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}
