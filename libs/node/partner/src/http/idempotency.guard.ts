import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Hasher } from '@custos/core-crypto';
import { malformedProblem, type SentHeaders } from '@custos/shell-process';
import type { Desk } from '../desk.js';
import { idempotencyOf } from '../promises/idempotency.js';
import { DESK, HASHER } from './tokens.js';
import { keyRouteOf } from './writes.js';

/**
 * Binds the Idempotency-Key of a write to its body, and finds the job that an earlier request with it began. A new key
 * goes along with its request; the statement that stores the promise stores it.
 */
@Injectable()
export class IdempotencyGuard implements CanActivate {
  constructor(
    @Inject(DESK) private readonly desk: Desk,
    @Inject(HASHER) private readonly hasher: Hasher,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const headers = request.headers as SentHeaders;
    const key = headers['idempotency-key'];
    return key === undefined || this.bind(request, headers, key);
  }

  private async bind(request: FastifyRequest, headers: SentHeaders, key: string): Promise<true> {
    const route = keyRouteOf(request.routeOptions.config.contract!, headers);
    const bound = idempotencyOf(this.hasher, { caller: request.caller!.name, route, key, body: request.body });
    if (!bound.ok) throw malformedProblem(bound.malformed);
    request.idempotency = bound.value;
    request.earlier = await this.desk.earlier(bound.value);
    return true;
  }
}
