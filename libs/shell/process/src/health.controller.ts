import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { healthOf, type Readiness } from './health.js';
import { Problem } from './problem.js';
import { isLocal, type Metrics } from './metrics.js';

export const READINESS = Symbol('readiness');
export const METRICS = Symbol('metrics');

/** Alive: the process answers. Ready: it can do its work. Metrics: for this machine only (absence 10). */
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
    throw new Problem({ status: 503, code: 'NOT_READY', title: 'Not ready yet', missing: health.missing });
  }

  @Get('metrics')
  async prometheus(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    if (!isLocal(request)) throw new Problem({ status: 404, code: 'NOT_FOUND', title: 'There is nothing here' });
    await reply.header('content-type', this.metrics.contentType).send(await this.metrics.text());
  }
}
