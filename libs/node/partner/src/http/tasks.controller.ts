import { Body, Controller, Get, Headers, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { TaskName } from '@custos/formats-api';
import { answerJob } from './jobs.js';
import { callerFor, incomingOf, sendOutcome, type Sent } from './requests.js';
import type { PartnerWorld } from '../world.js';

export const WORLD = Symbol('partner world');

async function take(world: PartnerWorld, name: TaskName, body: unknown, headers: Sent, reply: FastifyReply) {
  sendOutcome(reply, await world.desk.task(name, incomingOf(world, name, headers, body)));
}

@Controller()
export class ProductsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('products')
  register(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    return take(this.world, 'registerProduct', body, headers, reply);
  }
}

@Controller()
export class CommissioningsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('commissionings')
  commission(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    return take(this.world, 'commission', body, headers, reply);
  }
}

@Controller()
export class AggregationsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('aggregations')
  aggregate(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    return take(this.world, 'aggregate', body, headers, reply);
  }
}

@Controller()
export class ShipmentsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('shipments')
  ship(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    return take(this.world, 'ship', body, headers, reply);
  }
}

@Controller()
export class ReceivingsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('receivings')
  receive(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    return take(this.world, 'receive', body, headers, reply);
  }
}

@Controller()
export class DispensationsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('dispensations')
  dispense(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    return take(this.world, 'dispense', body, headers, reply);
  }
}

@Controller()
export class RecallsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Post('recalls')
  recall(@Body() body: unknown, @Headers() headers: Sent, @Res() reply: FastifyReply) {
    return take(this.world, 'recall', body, headers, reply);
  }
}

@Controller()
export class JobsController {
  constructor(@Inject(WORLD) private readonly world: PartnerWorld) {}

  @Get('jobs/:job')
  async job(@Param('job') job: string, @Headers() headers: Sent) {
    callerFor(this.world, 'read', headers);
    return answerJob(this.world.submissions, job);
  }
}

/** R: a service has the routes of its organisation's roles; the law judges again who signed. */
export const TASK_CONTROLLERS = {
  registerProduct: ProductsController,
  commission: CommissioningsController,
  aggregate: AggregationsController,
  ship: ShipmentsController,
  receive: ReceivingsController,
  dispense: DispensationsController,
  recall: RecallsController,
} as const satisfies Readonly<Record<TaskName, unknown>>;
