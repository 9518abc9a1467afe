import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { METRIC_TABLE, type MetricSpec } from './metric-table.js';
import { openMetrics } from './metrics.js';

const root = join(__dirname, '..', '..', '..', '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const TABLE: Readonly<Record<string, MetricSpec>> = METRIC_TABLE;

/** Names that a scrape of ours brings: the table's, a histogram's three, Node's and Prometheus' own. */
async function scrapedNames(): Promise<ReadonlySet<string>> {
  const own = Object.entries(TABLE).flatMap(([name, { type }]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const text = await openMetrics('sample').text();
  return new Set([...own, ...text.split('\n').map((line) => line.split(/[ {]/)[0]!), 'up']);
}

/** The label that Prometheus adds to each target, ours for the process, and a histogram's. */
const LABELS_OF_ALL = ['job', 'instance', 'service', 'le'];

/** Returns the faults of an expression: its grammar, a metric that no one has, a label that the metric has not. */
function faultsOf(expression: string, names: ReadonlySet<string>): readonly string[] {
  // Grafana puts a duration and a pattern there.
  const text = expression.replaceAll('$__rate_interval', '5m');
  const faults: string[] = [];
  const used: string[] = [];
  const labels: string[] = [];
  parser.parse(text).iterate({
    enter({ type, from, to }) {
      const word = text.slice(from, to);
      if (type.isError) faults.push(`not PromQL at ${from}: ${text}`);
      if (type.name === 'Identifier') used.push(word);
      if (type.name === 'LabelName') labels.push(word);
    },
  });
  if (used.length === 0) faults.push(`names no metric: ${text}`);
  const bases = used.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  const known = [...LABELS_OF_ALL, ...bases.flatMap((base) => TABLE[base]?.labels ?? [])];
  faults.push(...used.filter((name) => !names.has(name)).map((name) => `no metric ${name}`));
  faults.push(...labels.filter((label) => !known.includes(label)).map((label) => `no label ${label}: ${text}`));
  return faults;
}

/** The guide's table, printed. */
function printedTable(): string {
  const rows = Object.entries(TABLE).map(([name, { type, help, on, labels = [] }]) => {
    return [`\`${name}\``, type, labels.join(', '), on.join(', '), help];
  });
  const all = [['metric', 'type', 'labels', 'on', 'meaning'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(all[0]!), line(widths.map((width) => '-'.repeat(width))), ...all.slice(1).map(line)].join('\n');
}

describe('the metric table', () => {
  it('keeps to the conventions of Prometheus: units in the name, counters end in _total', () => {
    const units = ['seconds', 'bytes', 'blocks', 'messages', 'transactions', 'requests', 'connections'];
    for (const [name, { type, help }] of Object.entries(TABLE)) {
      expect(name).toMatch(/^custos_[a-z]+(_[a-z]+)*$/);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      if (type === 'histogram') expect(units).toContain(name.split('_').at(-1));
      expect([name, help]).not.toEqual([name, '']);
    }
  });

  it('is what docs/guides/metrics.md prints', () => {
    const guide = read('docs/guides/metrics.md');
    const [before, , after] = guide.split(/<!-- table -->\n|<!-- end -->/) as [string, string, string];
    const printed = `${before}<!-- table -->\n\n${printedTable()}\n\n<!-- end -->${after}`;
    if (process.env.CUSTOS_WRITE_DOCS) writeFileSync(join(root, 'docs/guides/metrics.md'), printed);
    expect(read('docs/guides/metrics.md')).toBe(printed);
  });
});

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

describe('deploy/grafana/custos.json', () => {
  const { panels } = JSON.parse(read('deploy/grafana/custos.json')) as { readonly panels: readonly Panel[] };
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  it('every expression is PromQL and names metrics and labels that exist', async () => {
    const names = await scrapedNames();
    expect(expressions.length).toBeGreaterThan(40);
    expect(expressions.flatMap((expression) => faultsOf(expression, names))).toEqual([]);
  });

  it('shows every metric of the table', () => {
    const all = expressions.join('\n');
    expect(Object.keys(TABLE).filter((name) => !all.includes(name))).toEqual([]);
  });

  it('has panels with ids of their own that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  it.each([
    ['a metric that nobody has', 'custos_nothing{service="x"}', 'no metric custos_nothing'],
    ['a label that it has not', 'custos_promises_total{colour="red"}', 'no label colour'],
    ['what is no PromQL', 'sum(custos_ready', 'not PromQL'],
    ['no metric at all', '1 + 1', 'names no metric'],
  ])('canary: %s would be reported', async (_what, expression, fault) => {
    expect(faultsOf(expression, await scrapedNames()).join()).toContain(fault);
  });
});

describe('deploy/prometheus', () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly summary: string; readonly fix: string };
  }

  it('every alert is PromQL over metrics that exist, and says what to do', async () => {
    const { groups } = parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    const names = await scrapedNames();
    expect(rules.flatMap(({ expr }) => faultsOf(expr, names))).toEqual([]);
    for (const { alert, labels, annotations } of rules) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
      expect([alert, annotations.summary, annotations.fix]).toEqual([alert, expect.any(String), expect.any(String)]);
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it('the scrape configuration reads these rules, from loopback alone', () => {
    const { rule_files, scrape_configs } = parse(read('deploy/prometheus/prometheus.yml')) as {
      rule_files: string[];
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    expect(rule_files).toEqual(['alerts.yml']);
    const targets = scrape_configs.flatMap((job) => job.static_configs.flatMap((each) => each.targets));
    expect(targets.every((target) => target.startsWith('127.0.0.1:'))).toBe(true);
    expect(scrape_configs.map(({ job_name }) => job_name)).toEqual(['validators', 'partners', 'trace']);
  });
});
