import { Controller, Get, Headers, Inject, Query } from '@nestjs/common';
import type { Sent } from '../asking.js';
import { WORLD, type TraceWorld } from '../world.js';
import { answerVerify } from './verify.js';

/** The one route besides health that needs no token (absence 10). */
@Controller('verify')
export class VerifyController {
  constructor(@Inject(WORLD) private readonly world: TraceWorld) {}

  @Get()
  verify(@Query() query: unknown, @Headers() headers: Sent) {
    return answerVerify(this.world, { query, headers });
  }
}
