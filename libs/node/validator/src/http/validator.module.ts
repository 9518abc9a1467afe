import type { DynamicModule } from '@nestjs/common';
import { systemModule, type SystemOptions } from '@custos/shell-process';
import { ChainController } from './chain.controller.js';
import { SERVICE, type ValidatorService } from './validator-service.js';

class ValidatorModule {}

/** Creates the Nest module of a validator. */
export function validatorModule(service: ValidatorService, system: SystemOptions): DynamicModule {
  return {
    module: ValidatorModule,
    imports: [systemModule(system)],
    controllers: [ChainController],
    providers: [{ provide: SERVICE, useValue: service }],
  };
}
