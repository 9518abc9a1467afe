import { Body, Controller, Get, Headers, Inject, Options, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerEvent, eventLocation } from './epcis-answers.js';
import { captureHeaders, discoveryHeaders, onErrorOf } from './epcis-binding.js';
import { answerCapture } from './jobs.js';
import { callerFor, incomingOf, sendOutcome, type Sent } from './requests.js';
import { WORLD } from './tasks.controller.js';
import type { PartnerWorld } from '../world.js';

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
  captured(@Param('job') job: string, @Headers() headers: Sent) {
    callerFor(this.world, 'read', headers);
    return answerCapture(this.world.submissions, job);
  }

  @Post('events')
  async event(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    const outcome = await this.world.desk.event(incomingOf(this.world, 'events', headers, body));
    sendOutcome(reply, outcome, eventLocation(outcome));
  }

  @Get('events/:eventId')
  found(@Param('eventId') eventId: string, @Headers() headers: Sent) {
    callerFor(this.world, 'read', headers);
    return answerEvent(this.world, eventId);
  }

  @Options(['capture', 'capture/:job', 'events', 'events/:eventId'])
  discover(@Req() { routeOptions }: FastifyRequest, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    callerFor(this.world, 'read', headers);
    void reply.status(204).headers(discoveryHeaders(routeOptions.url!)).send();
  }
}
