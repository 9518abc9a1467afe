import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRIC_TABLE, type CounterName, type GaugeName, type HistogramName, type MetricName } from './metric-table.js';

/** One number, or one for each value of the metric's only label. */
type Reading = number | Readonly<Record<string, number>>;

/** The metrics of a process, for Prometheus: names, labels and buckets stand in the metric table. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  counter(name: CounterName): Counter;
  /** A counter that somebody else keeps, read when somebody asks. */
  counterOf(name: CounterName, read: () => Reading): void;
  /** Read when somebody asks. */
  gauge(name: GaugeName, read: () => Reading | Promise<Reading>): void;
  histogram(name: HistogramName): Histogram;
}

/** Creates the metrics of a process, with those of Node among them. */
export function openMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const described = (name: MetricName) => {
    const { help, labels } = METRIC_TABLE[name];
    return { name, help, labelNames: [...labels], registers };
  };
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter: (name) => new Counter(described(name)),
    counterOf(name, read) {
      const collect = function (this: Counter): void {
        this.reset();
        for (const [labels, value] of readings(name, read())) this.inc(labels, value);
      };
      new Counter({ ...described(name), collect });
    },
    gauge(name, read) {
      const collect = async function (this: Gauge): Promise<void> {
        for (const [labels, value] of readings(name, await read())) this.set(labels, value);
      };
      new Gauge({ ...described(name), collect });
    },
    histogram: (name) => new Histogram({ ...described(name), buckets: [...METRIC_TABLE[name].buckets] }),
  };
}

function readings(name: MetricName, reading: Reading): readonly (readonly [Record<string, string>, number])[] {
  if (typeof reading === 'number') return [[{}, reading]];
  const [label] = METRIC_TABLE[name].labels as readonly [string];
  return Object.entries(reading).map(([value, number]) => [{ [label]: value }, number]);
}
