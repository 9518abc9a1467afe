import type { Corpus } from './corpus.js';
import { exceptionFor } from './exceptions.js';
import type { Server } from './server.js';
import type { Case, Finding, Suite } from './suite.js';

/** What a suite came to, on the core or on a server. */
export interface Report {
  readonly suite: string;
  readonly about: string;
  readonly subject: 'core' | 'server';
  readonly accepted: number;
  readonly refused: number;
  readonly wrong: readonly Remark[];
  /** Wrong by the suite, right by us. */
  readonly excepted: readonly Remark[];
  readonly skipped: readonly Remark[];
}

/** A case with what is to be said of it. */
interface Remark {
  readonly name: string;
  readonly what: string;
}

/** Runs the suites one after the other; those for a server only when there is one. */
export async function runSuites(
  suites: readonly Suite[],
  corpus: Corpus,
  server: Server | undefined,
  tell: (report: Report) => void,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const add = async (suite: Suite, subject: Report['subject'], cases: readonly Case[] | undefined) => {
    if (cases === undefined || cases.length === 0) return;
    const report = await runCases(suite, subject, cases);
    reports.push(report);
    tell(report);
  };
  for (const suite of suites) await add(suite, 'core', suite.core?.(corpus, suite.name));
  if (server) for (const suite of suites) await add(suite, 'server', suite.server?.(corpus, suite.name, server));
  return reports;
}

async function runCases(
  { name: suite, about }: Suite,
  subject: Report['subject'],
  cases: readonly Case[],
): Promise<Report> {
  const counts = { accepted: 0, refused: 0 };
  const [wrong, excepted, skipped]: [Remark[], Remark[], Remark[]] = [[], [], []];
  for (const { name, run } of cases) {
    const { outcome, code, fault } = await finding(run);
    const exception = fault === undefined ? undefined : exceptionFor(subject, name, code);
    if (outcome === 'skipped') skipped.push({ name, what: fault ?? '' });
    else if (exception) excepted.push({ name, what: exception.why });
    else if (fault !== undefined) wrong.push({ name, what: fault });
    else counts[outcome]++;
  }
  return { suite, about, subject, ...counts, wrong, excepted, skipped };
}

/** A case that cannot be carried out is wrong, and no other is for that. */
async function finding(run: Case['run']): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return { outcome: 'refused', fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The report of a suite as lines: its counts, then each case that is wrong or excepted, then what was skipped. */
export function reportLines({ suite, about, subject, accepted, refused, ...remarks }: Report): readonly string[] {
  const { wrong, excepted, skipped } = remarks;
  const counts = [
    `${accepted} accepted`,
    `${refused} refused`,
    `${wrong.length} wrong`,
    ...(excepted.length > 0 ? [`${excepted.length} excepted`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  const reasons = [...new Set(skipped.map(({ what }) => what))];
  return [
    `${suite.padEnd(4)} ${subject.padEnd(7)} ${about.padEnd(40)} ${counts.join(', ')}`,
    ...wrong.map(({ name, what }) => `     wrong: ${name}: ${what}`),
    ...excepted.map(({ name, what }) => `     excepted: ${name}: ${what}`),
    ...reasons.map((why) => `     skipped: ${skipped.filter(({ what }) => what === why).length} because ${why}`),
  ];
}
