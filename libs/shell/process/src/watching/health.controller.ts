import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { healthOf, type Readiness } from './health.js';
import { Problem } from '../http/problem.js';
import { RETRY_AFTER_S } from '../http/problem-filter.js';
import { statusProblem } from '../http/problem-filter.js';
import { isLocal, type Metrics } from './metrics.js';

export const READINESS = Symbol('readiness');
export const METRICS = Symbol('metrics');

/** Alive: the process turns, whatever else is away. Ready: it can do its work; else 503 names what is away. Metrics: for this machine only (absence 10). */
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly needs: readonly Readiness[],
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live() {
    return { status: 'ok' };
  }

  @Get('health')
  health() {
    return healthOf(this.needs);
  }

  @Get('health/ready')
  async ready() {
    const health = await healthOf(this.needs);
    if (health.status === 'ok') return health;
    const details = { status: 503, code: 'NOT_READY', title: 'Not ready', missing: health.missing };
    throw new Problem(details, { 'retry-after': String(RETRY_AFTER_S) });
  }

  @Get('metrics')
  async prometheus(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    if (!isLocal(request)) throw statusProblem(404);
    await reply.header('content-type', this.metrics.contentType).send(await this.metrics.text());
  }
}
