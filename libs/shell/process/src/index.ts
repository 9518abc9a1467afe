export { ConfigError, milliseconds, oneOf, port, readConfig, text, type Setting, type Settings } from './config.js';
export { healthOf, type Health, type Readiness } from './health.js';
export { HealthController, METRICS, READINESS } from './health.controller.js';
export { LOG_LEVELS, nestLogger, openLog, type Log, type LogLevel } from './log.js';
export { isLocal, openMetrics, type Metrics } from './metrics.js';
export { malformedProblem, Problem, PROBLEM_MEDIA_TYPE, type ProblemDetails } from './problem.js';
export { away, problemFilter } from './problem-filter.js';
export { runProcess, type Running } from './run-process.js';
export { serve, type Served, type ServeOptions } from './serve.js';
