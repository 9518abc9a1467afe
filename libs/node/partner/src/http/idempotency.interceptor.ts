import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { of, type Observable } from 'rxjs';
import type { Hasher } from '@custos/core-crypto';
import { malformedProblem, type SentHeaders } from '@custos/shell-process';
import type { Desk } from '../desk.js';
import { idempotencyOf } from '../promises/idempotency.js';
import { DESK, HASHER } from './tokens.js';
import { answerWrite, keyRouteOf } from './writes.js';

/**
 * Answers a request whose Idempotency-Key was used before with what became of the first one. A new key goes along with
 * its request; the statement that stores the promise stores it.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    @Inject(DESK) private readonly desk: Desk,
    @Inject(HASHER) private readonly hasher: Hasher,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const headers = request.headers as SentHeaders;
    const key = headers['idempotency-key'];
    if (key === undefined) return next.handle();
    const route = keyRouteOf(request.routeOptions.config.contract!, headers);
    const bound = idempotencyOf(this.hasher, { caller: request.caller!.name, route, key, body: request.body });
    if (!bound.ok) throw malformedProblem(bound.malformed);
    const earlier = await this.desk.earlier(bound.value);
    if (!earlier) {
      request.idempotency = bound.value;
      return next.handle();
    }
    const reply = http.getResponse<FastifyReply>();
    return of(await answerWrite(this.desk, { reply, request, headers }, { ok: true, value: earlier }));
  }
}
