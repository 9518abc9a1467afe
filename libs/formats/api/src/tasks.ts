import { z } from 'zod';
import { code, codes, country, digest, gln, gtin, isoDate, lot, timestamp } from './primitives.js';
import { LAW, NAMES, PROMISES } from './problem-cases.js';
import { route } from './route.js';

// The task routes. A partner builds EPCIS events from their small bodies. These schemas do not state what is allowed:
// the law does, and its receipt is the answer.

/** Place and time of a task; by default the party's own GLN, now (M1). */
const occurrence = {
  location: gln.optional().describe('where it happened; default: the party itself'),
  eventTime: timestamp.optional().describe('when it happened; default: now'),
};

/** The id of a document. As `urn:custos:document:…` it has the greatest length that a shipment stores (L5.7). */
const documentId = z.string().min(1).max(108);

const documents = z
  .array(z.strictObject({ type: z.enum(['po', 'desadv', 'inv', 'bol', 'rma']), id: documentId }))
  .max(20)
  .optional()
  .describe('CBV business transactions; the event has all of them, the shipment remembers the first 8');

/** The body that registers a product with its markets and packaging levels. */
const registerProduct = z.strictObject({
  gtin,
  // The limit of the registry.
  name: z.string().min(1).max(160),
  markets: z.array(country).max(50).default([]),
  content: z.strictObject({ amount: z.number().int().positive(), uom: z.string().min(1).max(8) }).optional(),
  levels: z
    .array(z.strictObject({ gtin, name: z.string().min(1).max(100), packs: z.number().int().positive() }))
    .max(7)
    .default([])
    .describe('packaging levels above the pack, each with the packs it holds'),
  coveredFrom: isoDate.optional().describe('packs that expire before this day are outside the network'),
});

/** The body of a commissioning of packs, cases (C1) or SSCCs (C2). */
const commission = z.strictObject({
  codes,
  lot: lot.optional().describe('for packs and cases; not for SSCCs'),
  expiry: isoDate.optional(),
  ...occurrence,
});

/** The body of a packing (C3) or an unpacking (C4). An unpacking without children unpacks all. */
const aggregate = z.strictObject({
  action: z.enum(['packing', 'unpacking']),
  container: code,
  children: codes.optional().describe('unpacking: none listed = all'),
  verified: z.boolean().optional().describe('unpacking: every child was scanned (completeness_verified)'),
  ...occurrence,
});

/** The body of a shipment of units to a party (C6). */
const ship = z.strictObject({
  codes,
  receiver: gln.describe('the party that takes possession'),
  destination: gln.optional().describe('the location it goes to; default: the receiver itself'),
  owner: gln.optional().describe('the party that takes ownership; default: no change of owner'),
  documents,
  transactionStatement: z
    .literal(true)
    .optional()
    .describe('affirms the transaction statement (21 U.S.C. 360eee (27)): US law asks it of who ships to a new owner'),
  ...occurrence,
});

/** The body of a receipt of units (C8). */
const receive = z.strictObject({
  codes,
  documents,
  ...occurrence,
});

/** The body of a dispensation of packs (C15). */
const dispense = z.strictObject({ codes, ...occurrence });

/** The body of a recall of a lot (C19). */
const recall = z.strictObject({
  gtin,
  lot,
  id: z.string().min(1).max(60).describe("the recall's own number"),
  class: z.literal([1, 2, 3]).describe('1 is the gravest'),
  depth: z.enum(['wholesale', 'dispenser', 'patient']),
  markets: z.array(country).max(40).default([]).describe('empty = everywhere'),
  ...occurrence,
});

/** A receipt as stored on the chain (L5.2). */
const receipt = z
  .object({
    txId: digest,
    eventIndex: z.number().int(),
    outcome: z.enum(['accepted', 'refused']),
    code: z.string().optional(),
    facts: z.json().optional(),
    warnings: z.array(z.json()),
    changes: z.array(z.json()),
  })
  .meta({ id: 'Receipt' });

/** The answer of a task that is accepted and final, with the proof that the block includes it. */
export const finalAnswer = z
  .object({
    status: z.literal('final'),
    transaction: digest,
    height: z.number().int(),
    blockTime: timestamp,
    events: z.array(z.string()).describe('eventIDs'),
    receipts: z.array(receipt),
    inclusion: z.json().describe('header, certificate and Merkle paths (docs/spec/ledger.md, L7)'),
  })
  .meta({ id: 'FinalAnswer' });

/** The answer of a task that is signed and stored but not final within the wait. Poll `/jobs/{job}`. */
export const pendingAnswer = z
  .object({ status: z.literal('pending'), job: z.string(), transaction: digest })
  .meta({ id: 'PendingAnswer' });

/** The state of a task, with its receipts once it is final or refused. */
export const job = z
  .object({
    job: z.string(),
    status: z.enum(['pending', 'final', 'refused']),
    transaction: digest,
    height: z.number().int().optional(),
    receipts: z.array(receipt).optional(),
    inclusion: z.json().optional().describe('as in the answer that came too late'),
  })
  .meta({ id: 'Job' });

/** The Idempotency-Key header (IETF draft). The same key within a week gives the same answer. */
export const idempotencyKey = z.string().min(1).max(200).optional().describe('the same key and body: the same answer');

/**
 * The parts that all tasks share: each has the refusals of the law. The partner service states which capability mounts
 * a task (CUSTODY, R).
 */
const task = {
  method: 'POST',
  access: 'operate',
  headers: { 'Idempotency-Key': idempotencyKey },
  output: finalAnswer,
  success: 201,
  pending: pendingAnswer,
  problems: [NAMES, ...PROMISES, ...LAW],
} as const;

/** The task routes by name. Each becomes one transaction on the chain. */
export const TASKS = {
  registerProduct: route({
    ...task,
    name: 'registerProduct',
    path: '/products',
    summary: 'Register a product with its packaging levels',
    input: registerProduct,
  }),
  commission: route({
    ...task,
    name: 'commission',
    path: '/commissionings',
    summary: 'Bring packs, cases (C1) or SSCCs (C2) into being',
    input: commission,
  }),
  aggregate: route({
    ...task,
    name: 'aggregate',
    path: '/aggregations',
    summary: 'Packing into a container (C3) or unpacking from it (C4)',
    input: aggregate,
  }),
  ship: route({ ...task, name: 'ship', path: '/shipments', summary: 'Ship units to a party (C6)', input: ship }),
  receive: route({
    ...task,
    name: 'receive',
    path: '/receivings',
    summary: 'Receive what was shipped to you (C8)',
    input: receive,
  }),
  dispense: route({
    ...task,
    name: 'dispense',
    path: '/dispensations',
    summary: 'Dispense packs to a patient (C15)',
    input: dispense,
  }),
  recall: route({ ...task, name: 'recall', path: '/recalls', summary: 'Recall a lot (C19)', input: recall }),
} as const;
/** The name of a task. */
export type TaskName = keyof typeof TASKS;

/** The parsed body that registers a product. */
export type RegisterProductTask = z.infer<typeof registerProduct>;
/** The parsed body of a commissioning. */
export type CommissionTask = z.infer<typeof commission>;
/** The parsed body of a packing or an unpacking. */
export type AggregateTask = z.infer<typeof aggregate>;
/** The parsed body of a shipment. */
export type ShipTask = z.infer<typeof ship>;
/** The parsed body of a receipt of units. */
export type ReceiveTask = z.infer<typeof receive>;
/** The parsed body of a dispensation. */
export type DispenseTask = z.infer<typeof dispense>;
/** The parsed body of a recall. */
export type RecallTask = z.infer<typeof recall>;
