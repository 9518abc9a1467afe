import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a process counts, for Prometheus. Names begin with `custos_`; labels are few and bounded. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** Read when somebody asks. */
  gauge(name: string, help: string, read: () => number): Gauge;
  /** Seconds. */
  histogram(name: string, help: string, buckets: readonly number[], labels?: readonly string[]): Histogram;
}

export function openMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers }),
    gauge: (name, help, read) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name, help, buckets: [...buckets], labelNames: [...labels], registers }),
  };
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** Headers that a proxy adds: who asks is then elsewhere, whatever the socket says. */
const PROXIED = ['forwarded', 'x-forwarded-for', 'via'] as const;

/** True when whoever asks is on this machine (absence 10). */
export function isLocal(request: {
  readonly ip: string;
  readonly headers: Readonly<Record<string, unknown>>;
}): boolean {
  return LOOPBACK.has(request.ip) && PROXIED.every((name) => request.headers[name] === undefined);
}
