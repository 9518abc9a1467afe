import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { CommissionTask } from '@custos/formats-api';
import type { ScannedUnit } from './codes.js';

/** C1: what packs and cases are commissioned with. */
export interface Batch {
  readonly lot: string;
  readonly expiry: string;
}

/** The batch that the task states, else what the code says of itself; never two that differ. */
export function batchOf(task: CommissionTask, { at, lot, expiry }: ScannedUnit): Parsed<Batch> {
  if (differ(task.lot, lot)) return malformed('BATCH_CONTRADICTED', at, `the code says lot ${lot}`);
  if (differ(task.expiry, expiry)) return malformed('BATCH_CONTRADICTED', at, `the code says expiry ${expiry}`);
  const batch = { lot: task.lot ?? lot, expiry: task.expiry ?? expiry };
  if (batch.lot === undefined) return malformed('LOT_MISSING', '/lot', 'send the lot of the packs and cases');
  if (batch.expiry === undefined)
    return malformed('EXPIRY_MISSING', '/expiry', 'send the expiry of the packs and cases, as YYYY-MM-DD');
  return parsed({ lot: batch.lot, expiry: batch.expiry });
}

function differ(stated: string | undefined, coded: string | undefined): boolean {
  return stated !== undefined && coded !== undefined && stated !== coded;
}
