import type { DynamicModule } from '@nestjs/common';
import { DOCS, DocsController, HealthController, METRICS, READINESS } from '@custos/shell-process';
import { BlocksController } from './blocks/blocks.controller.js';
import { LotsController } from './lots/lots.controller.js';
import { traceDocument } from './trace-document.js';
import { UnitsController } from './units/units.controller.js';
import { VerifyController } from './verify/verify.controller.js';
import { WORLD, type TraceWorld } from './world.js';

class TraceModule {}

/** The routes of trace over one world. */
export function traceModule(world: TraceWorld): DynamicModule {
  return {
    module: TraceModule,
    controllers: [
      UnitsController,
      LotsController,
      VerifyController,
      BlocksController,
      HealthController,
      DocsController,
    ],
    providers: [
      { provide: WORLD, useValue: world },
      { provide: READINESS, useValue: world.needs },
      { provide: METRICS, useValue: world.metrics },
      { provide: DOCS, useValue: traceDocument() },
    ],
  };
}
