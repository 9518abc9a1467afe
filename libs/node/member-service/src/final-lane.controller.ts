import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Follower } from '@custos/node-follower';
import type { LaneMessage } from '@custos/shell-lanes';
import { FOLLOWER } from './final-lane.js';
import { RedeliveryFilter } from './redelivery.filter.js';

/** Takes the final lane of the organisation's validator, one batch a call. */
@Controller()
@UseFilters(RedeliveryFilter)
export class FinalLaneController {
  constructor(@Inject(FOLLOWER) private readonly follower: Pick<Follower, 'take'>) {}

  @EventPattern('final')
  take(@Payload() batch: readonly LaneMessage[]): Promise<void> {
    return this.follower.take(batch);
  }
}
