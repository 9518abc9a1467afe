import type { DynamicModule } from '@nestjs/common';
import type { TaskName } from '@custos/formats-api';
import { HealthController, METRICS, observeReadiness, READINESS, type Readiness } from '@custos/shell-process';
import { EpcisController } from './epcis.controller.js';
import { QueriesController } from './queries.controller.js';
import { JobsController, TASK_CONTROLLERS, WORLD } from './tasks.controller.js';
import { TASK_TABLE } from './task-table.js';
import type { PartnerWorld } from './world.js';

class PartnerModule {}

/** The routes that the organisation's roles have, over one world (R). */
export function partnerModule(world: PartnerWorld): DynamicModule {
  const tasks = (Object.keys(TASK_TABLE) as TaskName[]).filter((name) => world.may(TASK_TABLE[name].capability));
  const needs: readonly Readiness[] = [
    { name: 'Postgres', check: () => world.postgres.health().then(() => true) },
    { name: 'Kafka', check: () => world.lanes.health().then(() => true) },
    { name: 'network', check: () => world.isFollowing() && world.follower.standing().isCurrent },
  ];
  observeReadiness(needs, world.metrics);
  return {
    module: PartnerModule,
    controllers: [
      ...tasks.map((name) => TASK_CONTROLLERS[name]),
      JobsController,
      EpcisController,
      QueriesController,
      HealthController,
    ],
    providers: [
      { provide: WORLD, useValue: world },
      { provide: READINESS, useValue: needs },
      { provide: METRICS, useValue: world.metrics },
    ],
  };
}
