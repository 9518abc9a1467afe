import { z } from 'zod';
import { code, country, epc, gtin, timestamp } from './primitives.js';
import { NEEDS_PROOF, NEEDS_ROWS, problemCase } from './problem-cases.js';
import { route } from './route.js';
import { job } from './tasks.js';

/** The last final block that an answer is based on. Every read states it, so that its age is known. */
const asOf = z.object({ height: z.number().int(), time: timestamp }).meta({ id: 'AsOf' });

const MAX_PAGE = 1_000;
const page = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
  // A place in a stock names the unit and every container around it.
  // Postgres has no NUL in a text.
  after: z
    .string()
    .max(2_500)
    .refine((text) => !text.includes('\u0000'), 'send it as it was answered')
    .optional()
    .describe('`next` of the page before'),
};

/** Longest scan in characters, far above the longest code of a pack. */
const MAX_SCAN = 2_000;

/** The query of a verification: the scanned text, the market, the purpose, and whether to add a proof (V1, V3). */
const verifyQuery = z.strictObject({
  // V3: a mangled scan is repaired or judged, not refused.
  code: z.string().min(1).max(MAX_SCAN).describe('what the scanner gave: any form of a code, also a mangled one'),
  market: country.optional(),
  purpose: z.enum(['check', 'dispense', 'return']).default('check'),
  proof: z
    .stringbool()
    .default(false)
    .meta({ description: 'with leaves, header and certificate that show it', examples: ['true', 'false'] }),
});

/** The answer of a verification (CUSTODY V1): one verdict, with all reasons listed. */
export const verdict = z
  .object({
    verdict: z.string().describe('VERIFIED, VERIFIED_SALEABLE, or the first reason against it'),
    reasons: z.array(z.json()).describe('all that speaks against it, each with code and facts'),
    unit: z.string().optional().describe('the unit that was judged, as a Digital Link'),
    pack: z.json().optional().describe('its state, to whom may know it (V2)'),
    asOf,
    proof: z.json().optional().describe('leaves, header and certificate (docs/spec/ledger.md, L7)'),
  })
  .meta({ id: 'Verdict' });

/** The query of the inventory, in pages: all units, those of one GTIN, or those within one container. */
export const inventoryQuery = z.strictObject({ gtin: gtin.optional(), within: code.optional(), ...page });

/** A unit of the inventory, with its container, location, and destination while in transit. */
const heldUnit = z
  .object({
    code: z.string().describe('GS1 Digital Link'),
    key: z.string(),
    gtin: z.string().optional(),
    lot: z.string().optional(),
    expiry: z.string().optional(),
    lifecycle: z.string(),
    container: z.string().nullable(),
    location: z.string().nullable(),
    inTransitTo: z.string().nullable(),
  })
  .meta({ id: 'HeldUnit' });

/** A page of the inventory. `next` is absent on the last page. */
const inventory = z.object({ asOf, units: z.array(heldUnit), next: z.string().optional() });

/** The reading routes of the partner service: job, inventory and verification. */
export const JOBS = {
  job: route({
    name: 'job',
    method: 'GET',
    path: '/jobs/{job}',
    summary: 'What became of a task that was not final within the wait',
    access: 'read',
    params: { job: z.string().describe('as in the answer 202') },
    input: z.object({}),
    output: job,
    success: 200,
    problems: [problemCase(404, ['JOB_UNKNOWN'], 'there is no such job'), NEEDS_ROWS],
  }),
  inventory: route({
    name: 'inventory',
    method: 'GET',
    path: '/inventory',
    summary: 'What this organisation possesses, and what is on its way',
    access: 'read',
    input: inventoryQuery,
    output: inventory,
    success: 200,
    problems: [problemCase(403, ['NOT_VISIBLE'], 'it is not for this organisation to see'), NEEDS_ROWS],
  }),
  verify: route({
    name: 'verify',
    method: 'GET',
    path: '/verify',
    summary: 'One verdict on one code (V1)',
    access: 'read',
    input: verifyQuery,
    output: verdict,
    success: 200,
    problems: [NEEDS_ROWS, ...NEEDS_PROOF],
  }),
} as const;

/** An event of a unit's journey, with its outcome and the transaction that holds it. */
const journeyStep = z
  .object({
    height: z.number().int(),
    blockTime: timestamp,
    eventTime: timestamp,
    event: z.json().describe('the EPCIS event as signed'),
    eventId: z.string().nullable().describe('null when the event was refused for having none'),
    step: z.string(),
    outcome: z.enum(['accepted', 'refused']),
    refusal: z.string().optional(),
    party: z.string().describe('GLN of the signer'),
    partyName: z.string(),
    signer: z.string().describe('key id'),
    location: z.string().nullable(),
    through: z.string().nullable().describe('the container it was in, when the event names only that'),
    finality: z.literal('final'),
    transaction: z.string(),
  })
  .meta({ id: 'JourneyStep' });

/** The query of a journey, in pages. */
const journeyQuery = z.strictObject({
  limit: page.limit,
  after: z.coerce.number().int().min(0).optional().describe('`next` of the page before'),
});

/** A page of a unit's journey. `next` is absent on the last page. */
export const journey = z.object({
  asOf,
  unit: z.json().describe('as it stands; null when only refused events name it'),
  steps: z.array(journeyStep),
  next: z.string().optional().describe('there are more steps after this one'),
});

/** The answer that shows the current state of a unit. */
export const unitAnswer = z.object({ asOf, unit: z.json() }).meta({ id: 'Unit' });

/** The packs of a lot at one party, counted by how they are held or how they ended. */
const reachHolder = z
  .object({
    party: z.string(),
    partyName: z.string(),
    packs: z.number().int().describe('possessed, or ended here: verified + inferred + inactive + dispensed'),
    verified: z.number().int().describe('seen one by one by their possessor'),
    inferred: z.number().int().describe('held inside a container that was scanned'),
    inTransit: z.number().int().describe('on the way to this party: the packs of their sender until received'),
    inactive: z.number().int().describe('ended otherwise than by dispensing'),
    dispensed: z.number().int(),
  })
  .meta({ id: 'ReachHolder' });

/** The answer that shows which party holds how much of a lot (A3). */
export const reach = z.object({
  asOf,
  lot: z.string().describe('LGTIN as a Digital Link'),
  recalls: z.array(z.json()),
  holders: z.array(reachHolder),
  units: z.number().int().describe('serialised units of the lot, of all packaging levels'),
  took: z.number().describe('milliseconds in the database'),
});

/** A final block with its proposer and the signers of its Finalize certificate. */
const blockSummary = z
  .object({
    height: z.number().int(),
    hash: z.string(),
    time: timestamp,
    view: z.number().int(),
    proposer: z.number().int(),
    proposerName: z.string(),
    transactions: z.number().int(),
    stateRoot: z.string(),
    signers: z.array(z.string()).describe('who signed the Finalize certificate'),
  })
  .meta({ id: 'BlockSummary' });

const PARTY_GONE = problemCase(403, ['PARTY_UNKNOWN'], "the token's party is not of this network");
const HIDDEN = problemCase(403, ['NOT_VISIBLE'], 'it is not for the party of this token to see');
const traceRead = { method: 'GET', access: 'read', success: 200 } as const;
const traceProblems = [PARTY_GONE, NEEDS_ROWS];
const unitParams = { code: code.describe('of a pack, case or pallet, percent-encoded; at most 512 characters') };
const WRONG_TOKEN = problemCase(401, ['UNAUTHENTICATED'], 'a token was sent, and it is not known here');
const NO_UNIT = problemCase(404, ['UNKNOWN_UNIT'], 'no event names such a unit');

/** The routes of the trace service: units, journeys, reach of a lot, verification and blocks. */
export const TRACE = {
  unit: route({
    ...traceRead,
    name: 'unit',
    path: '/units/{code}',
    summary: 'A unit as it stands: element string, Digital Link or URN',
    params: unitParams,
    problems: [...traceProblems, NO_UNIT],
    input: z.strictObject({}),
    output: unitAnswer,
  }),
  journey: route({
    ...traceRead,
    name: 'journey',
    path: '/units/{code}/journey',
    summary: 'Every event of a unit, also those it lived inside its containers',
    params: unitParams,
    problems: [...traceProblems, NO_UNIT],
    input: journeyQuery,
    output: journey,
  }),
  reach: route({
    ...traceRead,
    name: 'reach',
    path: '/lots/{lgtin}/reach',
    summary: 'Who holds what of a lot (A3)',
    params: { lgtin: epc.describe('of a lot: Digital Link or URN, percent-encoded') },
    problems: [...traceProblems, HIDDEN, problemCase(404, ['UNKNOWN_LOT'], 'no such lot was made or recalled')],
    input: z.strictObject({}),
    output: reach,
  }),
  verify: route({ ...JOBS.verify, access: 'open', problems: [...NEEDS_PROOF, ...traceProblems, WRONG_TOKEN] }),
  blocks: route({
    ...traceRead,
    name: 'blocks',
    path: '/blocks',
    summary: 'The newest final blocks, or those from a height on',
    problems: [...traceProblems, HIDDEN],
    input: z.strictObject({ from: z.coerce.number().int().min(0).optional(), limit: page.limit }),
    output: z.object({ asOf, blocks: z.array(blockSummary) }),
  }),
} as const;
