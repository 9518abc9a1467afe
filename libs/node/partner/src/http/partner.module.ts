import type { DynamicModule } from '@nestjs/common';
import {
  DOCS,
  DocsController,
  HealthController,
  METRICS,
  observeReadiness,
  READINESS,
  type Readiness,
} from '@custos/shell-process';
import { EpcisController } from './epcis.controller.js';
import { QueriesController } from './queries.controller.js';
import { JobsController, TASK_CONTROLLERS, WORLD } from './tasks.controller.js';
import { partnerDocument, tasksOf } from './partner-document.js';
import type { PartnerWorld } from '../world.js';

class PartnerModule {}

/** The routes that the organisation's roles have, over one world (R). */
export function partnerModule(world: PartnerWorld): DynamicModule {
  const { roles } = world.party;
  const needs: readonly Readiness[] = [
    { name: 'Postgres', check: () => world.postgres.health().then(() => true) },
    { name: 'Kafka', check: () => world.lanes.health().then(() => true) },
    { name: 'network', check: () => world.isFollowing() && world.follower.standing().isCurrent },
  ];
  observeReadiness(needs, world.metrics);
  return {
    module: PartnerModule,
    controllers: [
      ...tasksOf(roles).map((name) => TASK_CONTROLLERS[name]),
      JobsController,
      EpcisController,
      QueriesController,
      HealthController,
      DocsController,
    ],
    providers: [
      { provide: WORLD, useValue: world },
      { provide: READINESS, useValue: needs },
      { provide: METRICS, useValue: world.metrics },
      { provide: DOCS, useValue: partnerDocument(roles) },
    ],
  };
}
