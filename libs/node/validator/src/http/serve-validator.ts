import type { VerifySignatures } from '@custos/core-crypto';
import {
  serve,
  type Log,
  type Metrics,
  type Readiness,
  type ListenAddress,
  type Served,
  type Clock,
} from '@custos/shell-process';
import type { Validator } from '../create-validator.js';
import { askers } from './asker.js';
import { VALIDATOR_CONTRACTS, validatorDocument } from './validator-document.js';
import { validatorService } from './validator-service.js';
import { validatorModule } from './validator.module.js';

/** The parts behind the HTTP interface of a validator. */
export interface ValidatorHttp extends ListenAddress {
  readonly verify: VerifySignatures;
  readonly clock: Clock;
  readonly needs: readonly Readiness[];
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Serves the chain of a started validator to members. */
export function serveValidator(validator: Validator, options: ValidatorHttp): Promise<Served> {
  const { needs, metrics } = options;
  return serve({
    ...options,
    module: validatorModule(validatorService(validator), { needs, metrics, document: validatorDocument() }),
    contracts: VALIDATOR_CONTRACTS,
    checkMember: askers(validator, options),
  });
}
