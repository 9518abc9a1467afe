import type { JsonObject } from '@custos/core-bytes';
import { timeText } from '@custos/core-epcis';
import { epcisProblemType } from './epcis-binding.js';
import { rejectionStatus } from '../problems.js';
import { refusalOf } from '../refusals.js';
import type { Capture, CapturePart } from '../../promises/jobs.js';
import type { OnError, RejectedEvent } from '../../capture/drafts.js';

/** EPCIS 2.0.1, 12.6.2: what became of a capture. */
export interface CaptureJob {
  readonly captureID: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
  readonly running: boolean;
  /** False as soon as one event failed: with rollback none is captured then, with proceed the others are. */
  readonly success: boolean;
  readonly captureErrorBehaviour: OnError;
  readonly errors: readonly JsonObject[];
}

export function captureJob(job: Capture): CaptureJob {
  const { createdAt, onError, rejected, parts } = job;
  const running = parts.some(({ status }) => status === 'pending');
  const errors = [...rejected.map(rejectionError), ...parts.flatMap(refusalErrors)];
  const times = parts.map(({ blockTime = createdAt }) => blockTime);
  return {
    captureID: job.job,
    createdAt: timeText(createdAt),
    ...(!running && { finishedAt: timeText(Math.max(createdAt, ...times)) }),
    running,
    success: errors.length === 0,
    captureErrorBehaviour: onError,
    errors,
  };
}

function rejectionError({ at, code, field, fix }: RejectedEvent): JsonObject {
  const status = rejectionStatus(code);
  return { type: epcisProblemType(status, code), title: code, status, detail: fix, code, field, event: at };
}

/** What the law refused; events that only fell with another one are not told one by one. */
function refusalErrors({ events, receipts, height }: CapturePart): readonly JsonObject[] {
  return receipts.flatMap(({ outcome, code, facts, eventIndex, txId }) => {
    if (outcome === 'accepted' || code === undefined || code === 'ROLLED_BACK') return [];
    const { status, title, fix } = refusalOf(code);
    const { at, eventID } = events[eventIndex]!;
    const where = { event: at, eventID, height, transaction: txId };
    return [{ type: epcisProblemType(status, code), title, status, detail: fix, code, facts, ...where }];
  });
}
