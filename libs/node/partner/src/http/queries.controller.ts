import { Controller, Get, Headers, Inject, Query } from '@nestjs/common';
import { answerInventory, answerVerify } from './queries.js';
import { callerFor, type Sent } from './requests.js';
import { WORLD } from './tasks.controller.js';
import type { PartnerWorld } from '../world.js';

@Controller()
export class QueriesController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Get('inventory')
  inventory(@Query() query: unknown, @Headers() headers: Sent) {
    callerFor(this.world, 'read', headers);
    return answerInventory(this.world, query);
  }

  @Get('verify')
  verify(@Query() query: unknown, @Headers() headers: Sent) {
    callerFor(this.world, 'read', headers);
    return answerVerify(this.world, query);
  }
}
