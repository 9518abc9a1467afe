import { Controller, Inject, UseFilters, UseGuards } from '@nestjs/common';
import { EPCIS } from '@custos/formats-api';
import { Route, type Asked } from '@custos/shell-process';
import type { Desk } from '../../desk.js';
import { answerEvent, type EventSource } from './epcis-answers.js';
import { discoveryHeaders, onErrorOf } from './epcis-binding.js';
import { IdempotencyGuard } from '../idempotency.guard.js';
import type { JobSource } from '../../promises/jobs.js';
import { answerCapture } from '../jobs.js';
import { PromiseFilter } from '../promise.filter.js';
import { DESK, EVENT_SOURCE, JOB_SOURCE } from '../tokens.js';
import { answerWrite } from '../writes.js';

/** Serves GS1's own interface (EPCIS 2.0.1, 12): capture and single events. */
@Controller()
@UseFilters(PromiseFilter)
export class EpcisController {
  constructor(
    @Inject(DESK) private readonly desk: Desk,
    @Inject(JOB_SOURCE) private readonly jobs: JobSource,
    @Inject(EVENT_SOURCE) private readonly events: EventSource,
  ) {}

  @Route(EPCIS.capture)
  @UseGuards(IdempotencyGuard)
  capture(asked: Asked<typeof EPCIS.capture>) {
    return answerWrite(this.desk, asked, (write) => this.desk.capture(onErrorOf(asked.headers), write));
  }

  @Route(EPCIS.captureJob)
  captured({ params }: Asked<typeof EPCIS.captureJob>) {
    return answerCapture(this.jobs, params.job);
  }

  @Route(EPCIS.captureEvent)
  @UseGuards(IdempotencyGuard)
  event(asked: Asked<typeof EPCIS.captureEvent>) {
    return answerWrite(this.desk, asked, (write) => this.desk.event(write));
  }

  @Route(EPCIS.event)
  found({ caller, params }: Asked<typeof EPCIS.event>) {
    return answerEvent(this.events, caller, params.eventId);
  }

  @Route(EPCIS.discoverCapture)
  discoverCapture({ reply }: Asked) {
    void reply.headers(discoveryHeaders(EPCIS.capture));
  }

  @Route(EPCIS.discoverCaptureJob)
  discoverCaptureJob({ reply }: Asked) {
    void reply.headers(discoveryHeaders(EPCIS.captureJob));
  }

  @Route(EPCIS.discoverEvents)
  discoverEvents({ reply }: Asked) {
    void reply.headers(discoveryHeaders(EPCIS.captureEvent));
  }

  @Route(EPCIS.discoverEvent)
  discoverEvent({ reply }: Asked) {
    void reply.headers(discoveryHeaders(EPCIS.event));
  }
}
