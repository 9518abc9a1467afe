import { Body, Controller, Get, Headers, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerEvent, captureHeaders, EPCIS_HEADERS, eventLocation, onErrorOf } from './epcis-answers.js';
import { answerCapture } from './jobs.js';
import { callerFor, incomingOf, sendOutcome, type Sent } from './requests.js';
import { WORLD } from './tasks.controller.js';
import type { PartnerWorld } from './world.js';

/** GS1's own interface (EPCIS 2.0.1, 12): capture and single events. */
@Controller()
export class EpcisController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('capture')
  async capture(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    const incoming = incomingOf(this.world, 'capture', headers, body);
    const onError = onErrorOf(headers['gs1-capture-error-behaviour']);
    const { job } = await this.world.desk.capture(onError, { ...incoming, route: `capture ${onError}` });
    await reply.status(202).headers(captureHeaders(onError)).header('location', `/capture/${job}`).send();
  }

  @Get('capture/:job')
  async captured(@Param('job') job: string, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    callerFor(this.world, 'read', headers);
    await reply.headers(EPCIS_HEADERS).send(await answerCapture(this.world.submissions, job));
  }

  @Post('events')
  async event(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    const outcome = await this.world.desk.event(incomingOf(this.world, 'events', headers, body));
    sendOutcome(reply.headers(EPCIS_HEADERS), outcome, eventLocation(outcome));
  }

  @Get('events/:eventId')
  async found(@Param('eventId') eventId: string, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    callerFor(this.world, 'read', headers);
    await reply.headers(EPCIS_HEADERS).send(await answerEvent(this.world, eventId));
  }
}
