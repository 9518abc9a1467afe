import { receiptJson } from '@custos/core-chain';
import type { JsonObject } from '@custos/core-bytes';
import { Problem } from '@custos/shell-process';
import { captureJob, type CaptureJob } from './capture.js';
import type { JobPart, JobRow } from './outbox.js';
import type { PartnerWorld } from './world.js';

/** 8-4-4-4-12 hex digits: what Postgres takes for a uuid; anything else is nobody's job. */
const GROUPS = [8, 4, 4, 4, 12];

function isUuid(text: string): boolean {
  const groups = text.split('-');
  return (
    groups.length === GROUPS.length &&
    groups.every(
      (group, i) => group.length === GROUPS[i] && [...group].every((digit) => '0123456789abcdef'.includes(digit)),
    )
  );
}

async function findJob(world: PartnerWorld, job: string): Promise<JobRow & { readonly parts: readonly JobPart[] }> {
  const found = isUuid(job) ? await world.submissions.job(job) : undefined;
  if (found) return found;
  const type = 'epcisException:NoSuchResourceException';
  throw new Problem({ type, status: 404, code: 'JOB_UNKNOWN', title: 'There is no such job', field: 'job' });
}

/** What became of a task. */
export async function answerJob(world: PartnerWorld, job: string): Promise<JsonObject> {
  const { parts } = await findJob(world, job);
  const { txId, status, settled } = parts[0]!;
  if (!settled) return { job, status, transaction: txId };
  const { height, receipts, inclusion } = settled;
  return { job, status, transaction: txId, height, receipts: receipts.map(receiptJson), inclusion };
}

/** What became of a capture, in GS1's words. */
export async function answerCapture(world: PartnerWorld, job: string): Promise<CaptureJob> {
  return captureJob(await findJob(world, job));
}
