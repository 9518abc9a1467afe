import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasCorpus, openCorpus, openServer, reportLines, runSuites, SUITES } from '@custos/dev-conformance';
import { orUsage, UsageError } from '../arguments.js';
import type { Command } from '../command.js';
import { root } from '../repository.js';

/** Other people's cases, beside the repository. */
const BESIDE = join(root, '..', 'shared', 'data');

export const conformance: Command = {
  usage: '[--data DIR] [--target URL] [--token TOKEN]',
  summary: 'run the public suites against the core and a server; counts of right and wrong',
  async run(args) {
    const options = { data: { type: 'string' }, target: { type: 'string' }, token: { type: 'string' } } as const;
    const { values } = orUsage(() => parseArgs({ args: [...args], options }));
    const folder = values.data ?? BESIDE;
    if (!hasCorpus(folder)) throw new UsageError(`${folder} has no index.json: name a folder of cases with --data`);
    if (values.target !== undefined && !URL.canParse(values.target))
      throw new UsageError(`--target ${values.target}: the address of a server, as http://127.0.0.1:7403`);
    const server = values.target === undefined ? undefined : openServer(values.target, tokenOf(values.token));
    const reports = await runSuites(SUITES, openCorpus(folder), server, (report) => {
      for (const line of reportLines(report)) console.log(line);
    });
    const total = { accepted: 0, refused: 0, wrong: 0, excepted: 0, skipped: 0 };
    for (const { accepted, refused, wrong, excepted, skipped } of reports) {
      total.accepted += accepted;
      total.refused += refused;
      total.wrong += wrong.length;
      total.excepted += excepted.length;
      total.skipped += skipped.length;
    }
    console.log(
      Object.entries(total)
        .map(([name, count]) => `${count} ${name}`)
        .join(', '),
    );
    return total.wrong === 0 && reports.length > 0 ? 0 : 1;
  },
};

function tokenOf(token: string | undefined): string | undefined {
  return token ?? process.env.CUSTOS_TOKEN;
}
