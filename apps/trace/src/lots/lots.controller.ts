import { Controller, Get, Headers, Inject, Param, Query } from '@nestjs/common';
import type { Sent } from '../asking.js';
import { WORLD, type TraceWorld } from '../world.js';
import { answerReach } from './lots.js';

@Controller('lots')
export class LotsController {
  constructor(@Inject(WORLD) private readonly world: TraceWorld) {}

  @Get(':lgtin/reach')
  reach(@Param('lgtin') lgtin: string, @Query() query: unknown, @Headers() headers: Sent) {
    return answerReach(this.world, lgtin, { query, headers });
  }
}
