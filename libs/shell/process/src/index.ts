export {
  ConfigError,
  count,
  milliseconds,
  oneOf,
  port,
  readConfig,
  secret,
  text,
  type Setting,
  type Settings,
} from './config.js';
export { DOCS, DocsController } from './docs.controller.js';
export { type ApiDocument } from './docs-page.js';
export { healthOf, type Health, type Readiness } from './health.js';
export { HealthController, METRICS, READINESS } from './health.controller.js';
export { LOG_LEVELS, nestLogger, openLog, type Log, type LogLevel } from './log.js';
export { METRIC_TABLE, type MetricName, type MetricSpec, type ProcessKind } from './metric-table.js';
export { isLocal, openMetrics, type Metrics } from './metrics.js';
export { observeLanes, observePostgres, observeReadiness } from './observed.js';
export { malformedProblem, Problem, PROBLEM_MEDIA_TYPE, type ProblemDetails } from './problem.js';
export { away, MAX_PARAMETER, problemFilter } from './problem-filter.js';
export { DEFAULT_RATES, type RateLimits } from './rate-limits.js';
export { runProcess, STOP_LIMIT_MS, type Running } from './run-process.js';
export { addressSettings, type ServeAddress } from './serve-address.js';
export { serve, type Served, type ServeOptions } from './serve.js';
