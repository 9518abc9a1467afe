import { receiptJson } from '@custos/core-chain';
import type { JsonObject } from '@custos/core-bytes';
import { Problem } from '@custos/shell-process';
import { captureJob, type CaptureJob } from './capture-job.js';
import type { Job, JobKind } from './outbox.js';
import type { Submissions } from './submission.js';

/** 8-4-4-4-12 hex digits: what Postgres takes for a uuid; anything else is nobody's job. */
const GROUPS = [8, 4, 4, 4, 12];
const HEX = '0123456789abcdef';

function isUuid(text: string): boolean {
  const groups = text.split('-');
  const fits = (group: string, i: number) => group.length === GROUPS[i] && [...group].every((c) => HEX.includes(c));
  return groups.length === GROUPS.length && groups.every(fits);
}

async function getJob(submissions: Submissions, job: string, kinds: readonly JobKind[]): Promise<Job> {
  const found = isUuid(job) ? await submissions.job(job) : undefined;
  if (found && kinds.includes(found.kind)) return found;
  const type = 'epcisException:NoSuchResourceException';
  const fix = 'send a job that this service has answered with';
  throw new Problem({ type, status: 404, code: 'JOB_UNKNOWN', title: 'There is no such job', field: 'job', fix });
}

/** What became of a task, or of one event: exactly one transaction. */
export async function answerJob(submissions: Submissions, job: string): Promise<JsonObject> {
  const { parts } = await getJob(submissions, job, ['task', 'event']);
  const { txId, status, settled } = parts[0]!;
  if (!settled) return { job, status, transaction: txId };
  const { height, receipts, inclusion } = settled;
  return { job, status, transaction: txId, height, receipts: receipts.map(receiptJson), inclusion };
}

/** What became of a capture, in GS1's words. */
export async function answerCapture(submissions: Submissions, job: string): Promise<CaptureJob> {
  return captureJob(await getJob(submissions, job, ['capture']));
}
