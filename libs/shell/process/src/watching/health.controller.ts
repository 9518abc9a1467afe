import { Controller, Inject } from '@nestjs/common';
import { SYSTEM } from '@custos/formats-api';
import { healthOf, type Readiness } from './health.js';
import type { Asked } from '../http/asked.js';
import { Route } from '../http/mount.js';
import { Problem } from '../http/problem.js';
import { RETRY_AFTER_S } from '../http/problem-filter.js';
import type { Metrics } from './metrics.js';

/** Token of the needs of a service. */
export const READINESS = Symbol('readiness');
/** Token of its metrics. */
export const METRICS = Symbol('metrics');

/** Answers whether the process is alive, whatever else is away; whether it can do its work, else 503; and its metrics. */
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly needs: readonly Readiness[],
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Route(SYSTEM.live)
  live() {
    return { status: 'ok' };
  }

  @Route(SYSTEM.health)
  health() {
    return healthOf(this.needs);
  }

  @Route(SYSTEM.ready)
  async ready() {
    const health = await healthOf(this.needs);
    if (health.status === 'ok') return health;
    const details = { status: 503, code: 'NOT_READY', title: 'Not ready', missing: health.missing };
    throw new Problem(details, { 'retry-after': String(RETRY_AFTER_S) });
  }

  @Route(SYSTEM.metrics)
  prometheus({ reply }: Asked) {
    void reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}
