import { orReject, parsed, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import type { Capability } from '@custos/core-access';
import { CUSTOS_CONTEXT, parseContext } from '@custos/core-epcis';
import { KIND } from '@custos/core-chain';
import { padGtin } from '@custos/core-gs1';
import { parseProductPayload } from '@custos/core-registry';
import {
  TASKS,
  type InputOf,
  type InputSchema,
  type RegisterProductTask,
  type Route,
  type TaskName,
} from '@custos/formats-api';
import type { PlannedDraft } from '../capture/drafts.js';
import { captureDraft, readyEvent, withoutPersons, type ReadyEvent } from '../capture/ready-event.js';
import { namedBy, productsOf, type Named } from './registry-check.js';
import type { TaskContext } from './occurrence.js';
import { aggregation, commissioning, dispensing, recalling, receiving, shipping, type TaskSketch } from './tasks.js';
import type { SaltSource } from '../capture/sealing.js';

export interface DraftContext extends TaskContext {
  readonly hasher: Hasher;
  readonly salt: SaltSource;
}

/** What a task becomes: a transaction, if all that it names is registered. */
export interface TaskPlan extends PlannedDraft {
  readonly named: readonly Named[];
}

/** One task route: who has it (R), and what its body becomes. */
export interface Task {
  readonly capability: Capability;
  /** Plans the task: `input` is the body as the contract of the task parsed it, `body` as it was sent. */
  plan(input: unknown, body: unknown, context: DraftContext): Parsed<TaskPlan>;
}

/** R: the capability table decides which of these a service has. */
export const TASK_TABLE: Readonly<Record<TaskName, Task>> = {
  registerProduct: taskOf(TASKS.registerProduct, 'register-product', productPlan),
  commission: taskOf(TASKS.commission, 'commission', (task, context) =>
    eventPlan(commissioning(task, context), task, context),
  ),
  aggregate: taskOf(TASKS.aggregate, 'pack', (task, context) => eventPlan(aggregation(task, context), task, context)),
  ship: taskOf(TASKS.ship, 'ship', (task, context) => eventPlan(shipping(task, context), task, context)),
  receive: taskOf(TASKS.receive, 'receive', (task, context) => eventPlan(receiving(task, context), task, context)),
  dispense: taskOf(TASKS.dispense, 'dispense', (task, context) => eventPlan(dispensing(task, context), task, context)),
  recall: taskOf(TASKS.recall, 'recall', (task, context) => eventPlan(parsed(recalling(task, context)), task, context)),
};

function taskOf<Schema extends InputSchema>(
  _contract: Route<Schema>,
  capability: Capability,
  plan: (task: InputOf<Schema>, context: DraftContext) => Parsed<TaskPlan>,
): Task {
  return {
    capability,
    plan(input, body, context) {
      const clear = withoutPersons(body as Json);
      return clear.ok ? plan(input as InputOf<Schema>, context) : clear;
    },
  };
}

const OUR_SCOPE = orReject(parseContext(CUSTOS_CONTEXT));

/** All events of a task or none (rollback), each with its eventID. */
function eventPlan(
  sketch: Parsed<TaskSketch>,
  names: Parameters<typeof namedBy>[0],
  { hasher, salt, now }: DraftContext,
): Parsed<TaskPlan> {
  if (!sketch.ok) return sketch;
  const { header, scanned } = sketch.value;
  const events: ReadyEvent[] = [];
  for (const json of sketch.value.events) {
    const event = readyEvent({ hasher, now }, json, OUR_SCOPE, '');
    if (!event.ok) return event;
    events.push(event.value);
  }
  const planned = captureDraft(
    { context: CUSTOS_CONTEXT, ...(header && { header }), onError: 'rollback', events },
    salt,
  );
  return parsed({ ...planned, named: [...productsOf(scanned), ...namedBy(names)] });
}

function productPlan({ gtin, levels, ...rest }: RegisterProductTask): Parsed<TaskPlan> {
  const payload: JsonObject = {
    op: 'register',
    ...rest,
    gtin: padGtin(gtin),
    levels: levels.map((level) => ({ ...level, gtin: padGtin(level.gtin) })),
  };
  // The members have the names of the task's, so what is wrong with one is told by its place in the body.
  const product = parseProductPayload(payload);
  return product.ok ? parsed({ draft: { kind: KIND.product, parts: [payload] }, events: [], named: [] }) : product;
}
