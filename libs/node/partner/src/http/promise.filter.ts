import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { NothingProjected } from '@custos/node-epcis-repository';
import { sendProblem } from '@custos/shell-process';
import { DraftTooLarge } from '../capture/drafts.js';
import { IdempotencyKeyReused } from '../promises/idempotency.js';
import { OutboxFull, PromiseUncertain } from '../promises/submission.js';
import { promiseProblem, type PromiseError } from './problems.js';

/** Answers why a promise was not given. */
@Catch(OutboxFull, DraftTooLarge, PromiseUncertain, NothingProjected, IdempotencyKeyReused)
export class PromiseFilter implements ExceptionFilter<PromiseError> {
  catch(error: PromiseError, host: ArgumentsHost): void {
    sendProblem(host.switchToHttp().getResponse<FastifyReply>(), promiseProblem(error));
  }
}
