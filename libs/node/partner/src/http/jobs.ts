import { receiptJson } from '@custos/core-chain';
import type { JsonObject } from '@custos/core-bytes';
import { Problem } from '@custos/shell-process';
import { captureJob, type CaptureJob } from './epcis/capture-job.js';
import type { JobSource } from '../promises/jobs.js';

/** 8-4-4-4-12 hex digits: what Postgres takes for a uuid; anything else is no one's job. */
const GROUPS = [8, 4, 4, 4, 12];
const HEX = '0123456789abcdef';

function isUuid(text: string): boolean {
  const groups = text.split('-');
  const fits = (group: string, i: number) => group.length === GROUPS[i] && [...group].every((c) => HEX.includes(c));
  return groups.length === GROUPS.length && groups.every(fits);
}

function unknownJob(): Problem {
  const type = 'epcisException:NoSuchResourceException';
  const fix = 'send a job that this service has answered with';
  return new Problem({ type, status: 404, code: 'JOB_UNKNOWN', title: 'There is no such job', field: 'job', fix });
}

/** Answers what became of a task, or of one event: exactly one transaction. */
export async function answerJob(jobs: JobSource, job: string): Promise<JsonObject> {
  const found = isUuid(job) ? await jobs.job(job) : undefined;
  if (!found || found.kind === 'capture') throw unknownJob();
  const { txId, status, settled } = found.parts[0]!;
  if (!settled) return { job, status, transaction: txId };
  const { height, receipts, inclusion } = settled;
  return { job, status, transaction: txId, height, receipts: receipts.map(receiptJson), inclusion };
}

/** Answers what became of a capture, in GS1's words. */
export async function answerCapture(jobs: JobSource, job: string): Promise<CaptureJob> {
  const found = isUuid(job) ? await jobs.capture(job) : undefined;
  if (!found) throw unknownJob();
  return captureJob(found);
}
