import type { DynamicModule } from '@nestjs/common';
import { DOCS, DocsController } from './http/docs/docs.controller.js';
import type { ApiDocument } from './http/docs/viewer.js';
import { HealthController, METRICS, READINESS } from './watching/health.controller.js';
import type { Readiness } from './watching/health.js';
import type { Metrics } from './watching/metrics.js';
import { observeReadiness } from './watching/observed.js';

class SystemModule {}

/** The parts of every service beside its own routes. */
export interface SystemOptions {
  readonly needs: readonly Readiness[];
  readonly metrics: Metrics;
  /** The OpenAPI document. */
  readonly document: ApiDocument;
}

/** Creates the module that mounts the contracts of `SYSTEM`: health, metrics and the document. */
export function systemModule({ needs, metrics, document }: SystemOptions): DynamicModule {
  observeReadiness(needs, metrics);
  return {
    module: SystemModule,
    controllers: [HealthController, DocsController],
    providers: [
      { provide: READINESS, useValue: needs },
      { provide: METRICS, useValue: metrics },
      { provide: DOCS, useValue: document },
    ],
  };
}
