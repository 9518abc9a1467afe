import { Controller, Get, Headers, Inject, Param, Query } from '@nestjs/common';
import type { Sent } from '../asking.js';
import { WORLD, type TraceWorld } from '../world.js';
import { answerJourney, answerUnit } from './units.js';

@Controller('units')
export class UnitsController {
  constructor(@Inject(WORLD) private readonly world: TraceWorld) {}

  @Get(':code')
  unit(@Param('code') code: string, @Query() query: unknown, @Headers() headers: Sent) {
    return answerUnit(this.world, code, { query, headers });
  }

  @Get(':code/journey')
  journey(@Param('code') code: string, @Query() query: unknown, @Headers() headers: Sent) {
    return answerJourney(this.world, code, { query, headers });
  }
}
