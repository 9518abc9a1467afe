import type { DynamicModule } from '@nestjs/common';
import {
  DOCS,
  DocsController,
  HealthController,
  METRICS,
  READINESS,
  type Metrics,
  type Readiness,
} from '@custos/shell-process';
import { ChainController } from './chain.controller.js';
import { validatorDocument } from './validator-document.js';
import { SERVICE, type ValidatorService } from './validator-service.js';

class ValidatorModule {}

export function validatorModule(
  service: ValidatorService,
  needs: readonly Readiness[],
  metrics: Metrics,
): DynamicModule {
  return {
    module: ValidatorModule,
    controllers: [ChainController, HealthController, DocsController],
    providers: [
      { provide: SERVICE, useValue: service },
      { provide: READINESS, useValue: needs },
      { provide: METRICS, useValue: metrics },
      { provide: DOCS, useValue: validatorDocument() },
    ],
  };
}
