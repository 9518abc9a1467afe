import { Controller, Get, Headers, Inject, Query } from '@nestjs/common';
import type { Sent } from '../asking.js';
import { WORLD, type TraceWorld } from '../world.js';
import { answerBlocks } from './blocks.js';

@Controller('blocks')
export class BlocksController {
  constructor(@Inject(WORLD) private readonly world: TraceWorld) {}

  @Get()
  blocks(@Query() query: unknown, @Headers() headers: Sent) {
    return answerBlocks(this.world, { query, headers });
  }
}
