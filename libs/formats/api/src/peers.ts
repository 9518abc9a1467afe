import { z } from 'zod';
import { problemCase } from './problem-cases.js';
import { digest } from './primitives.js';
import { route } from './route.js';

// The routes of a validator for members of the network; its state also for whoever watches it.

const height = z.coerce.number().int().min(0);
// Numbers, digests and keys are judged by the validator's parsers.
const ask = { method: 'GET', access: 'member', judgedBy: 'core', success: 200 } as const;
const bytes = { ...ask, output: z.string(), media: 'application/octet-stream' } as const;
const BUSY = problemCase(429, ['TOO_MANY_REQUESTS'], 'more than 100 requests a second by one key');
const NOT_FINAL = problemCase(404, ['NOTHING_PROVEN'], 'with proof: no block after block 0 is final yet');

/** The routes of a validator: blocks, runs, certificates, state leaves and status. Members sign their requests. */
export const PEERS = {
  blocks: route({
    ...bytes,
    name: 'chainBlocks',
    path: '/blocks',
    summary: 'Chain file pieces (L8): whole runs from a height on, each followed by its finality record',
    input: z.object({ from: height.describe('height of the first block') }),
    problems: [BUSY],
  }),
  block: route({
    ...bytes,
    name: 'chainBlock',
    path: '/blocks/{hash}',
    summary: 'One block, final or held (L3)',
    params: { hash: digest },
    input: z.object({}),
    problems: [BUSY, problemCase(404, ['BLOCK_UNKNOWN'], 'there is no such block here')],
  }),
  runs: route({
    ...bytes,
    name: 'chainRuns',
    path: '/runs',
    summary: 'Messages of the final lane (L4.6) from a height on, each behind four bytes of length',
    input: z.object({ from: height.describe('height of the first block') }),
    problems: [BUSY],
  }),
  certificates: route({
    ...bytes,
    name: 'chainCertificates',
    path: '/certificates',
    summary: 'The newest Finalize certificate, then those from a view on (K10), framed likewise',
    input: z.object({ from: height.describe('the first view'), epoch: height.default(0) }),
    problems: [BUSY],
  }),
  leaves: route({
    ...ask,
    name: 'chainLeaves',
    path: '/leaves',
    summary: 'State leaves with their proofs (L7), or for members entries with their private parts',
    input: z.object({
      key: z.array(z.string()).max(256).optional().describe('state keys, one a parameter'),
      keys: z.string().optional().describe('the same in one parameter, comma separated'),
      proof: z.literal('true').optional().describe('an AnswerBundle that anybody can check'),
    }),
    output: z.json(),
    problems: [BUSY, NOT_FINAL],
  }),
  status: route({
    ...ask,
    access: 'member or watch',
    name: 'chainStatus',
    path: '/status',
    summary: 'The state of the validator',
    input: z.object({}),
    output: z.looseObject({ height: z.number().int(), speaking: z.boolean() }),
    problems: [BUSY],
  }),
} as const;
