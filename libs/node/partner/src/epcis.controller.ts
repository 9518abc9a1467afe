import { Body, Controller, Get, Headers, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerEvent, captureHeaders, onErrorOf, sendEvent } from './epcis-answers.js';
import { answerCapture } from './jobs.js';
import { callerFor } from './requests.js';
import { WORLD } from './tasks.controller.js';
import type { PartnerWorld } from './world.js';

type Sent = Readonly<Record<string, string | undefined>>;

/** GS1's own interface (EPCIS 2.0.1, 12): capture and single events. */
@Controller()
export class EpcisController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('capture')
  async capture(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    const caller = callerFor(this.world, 'operate', headers);
    const onError = onErrorOf(headers['gs1-capture-error-behaviour']);
    const request = { caller, route: `capture ${onError}`, idempotencyKey: headers['idempotency-key'], body };
    const { job } = await this.world.desk.capture(onError, request);
    await reply.status(202).headers(captureHeaders(onError)).header('location', `/capture/${job}`).send();
  }

  @Get('capture/:job')
  captured(@Param('job') job: string, @Headers() headers: Sent) {
    callerFor(this.world, 'read', headers);
    return answerCapture(this.world, job);
  }

  @Post('events')
  async event(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    const caller = callerFor(this.world, 'operate', headers);
    const request = { caller, route: 'events', idempotencyKey: headers['idempotency-key'], body };
    sendEvent(reply, await this.world.desk.event(request));
  }

  @Get('events/:eventId')
  found(@Param('eventId') eventId: string, @Headers() headers: Sent) {
    callerFor(this.world, 'read', headers);
    return answerEvent(this.world, eventId);
  }
}
