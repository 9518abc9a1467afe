export { repeat, systemClock, type Clock } from './clock.js';
export {
  ConfigError,
  count,
  lanesSetting,
  milliseconds,
  oneOf,
  port,
  readConfig,
  secret,
  text,
  type Settings,
} from './config.js';
export { type Asked, type SentHeaders } from './http/asked.js';
export { mountAt, Route } from './http/mount.js';
export { type Readiness } from './watching/health.js';
export { openLog, type Log } from './watching/log.js';
export { METRIC_TABLE, type MetricSpec, type ProcessKind } from './watching/metric-table.js';
export { openMetrics, type Metrics } from './watching/metrics.js';
export { observeLanes, observePostgres } from './watching/observed.js';
export { malformedProblem, Problem, PROBLEM_MEDIA_TYPE, type ProblemDetails } from './http/problem.js';
export { away, sendProblem } from './http/problem-filter.js';
export { DEFAULT_RATES } from './http/rate-limits.js';
export { runProcess, type Running } from './run-process.js';
export { addressSettings, type ListenAddress, type ServeAddress } from './http/serve-address.js';
export { serve, type Served, type ServeOptions } from './http/serve.js';
export { systemModule, type SystemOptions } from './system.module.js';
