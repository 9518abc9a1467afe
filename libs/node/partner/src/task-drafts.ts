import { parsed, type JsonObject, type Parsed } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import type { Capability } from '@custos/core-custody';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { KIND } from '@custos/core-execution';
import { padGtin } from '@custos/core-gs1';
import {
  TASKS,
  type AggregateTask,
  type CommissionTask,
  type DispenseTask,
  type RecallTask,
  type ReceiveTask,
  type RegisterProductTask,
  type Route,
  type ShipTask,
  type TaskName,
} from '@custos/formats-api';
import { captureDraft, readyEvent, scopeOf, type SaltSource } from './capture-draft.js';
import type { Draft } from './drafts.js';
import { namedBy, productsOf, type Named } from './registry-check.js';
import {
  aggregation,
  commissioning,
  dispensing,
  recalling,
  receiving,
  shipping,
  type TaskContext,
  type TaskEvents,
} from './tasks/tasks.js';

export interface DraftContext extends TaskContext {
  readonly hasher: Hasher;
  readonly salt: SaltSource;
}

/** One task route: who may mount it, what it names of the registry, what it becomes. */
export interface Task {
  readonly contract: Route;
  readonly capability: Capability;
  named(body: never, context: DraftContext): Parsed<readonly Named[]>;
  draft(body: never, context: DraftContext): Parsed<Draft>;
}

/** R: the capability table decides which of these a service has. */
export const TASK_TABLE: Readonly<Record<TaskName, Task>> = {
  registerProduct: {
    contract: TASKS.registerProduct,
    capability: 'register-product',
    named: () => parsed([]),
    draft: (body: RegisterProductTask) => parsed(productDraft(body)),
  },
  commission: {
    contract: TASKS.commission,
    capability: 'commission',
    named: (body: CommissionTask, context) => {
      const products = productsOf(body.codes, context.now);
      return products.ok ? parsed([...products.value, ...namedBy(body)]) : products;
    },
    draft: (body: CommissionTask, context) => eventDraft(commissioning(body, context), context),
  },
  aggregate: {
    contract: TASKS.aggregate,
    capability: 'pack',
    named: (body: AggregateTask) => parsed(namedBy(body)),
    draft: (body: AggregateTask, context) => eventDraft(aggregation(body, context), context),
  },
  ship: {
    contract: TASKS.ship,
    capability: 'ship',
    named: (body: ShipTask) => parsed(namedBy(body)),
    draft: (body: ShipTask, context) => eventDraft(shipping(body, context), context),
  },
  receive: {
    contract: TASKS.receive,
    capability: 'receive',
    named: (body: ReceiveTask) => parsed(namedBy(body)),
    draft: (body: ReceiveTask, context) => eventDraft(receiving(body, context), context),
  },
  dispense: {
    contract: TASKS.dispense,
    capability: 'dispense',
    named: (body: DispenseTask) => parsed(namedBy(body)),
    draft: (body: DispenseTask, context) => eventDraft(dispensing(body, context), context),
  },
  recall: {
    contract: TASKS.recall,
    capability: 'recall',
    named: (body: RecallTask) => parsed(namedBy(body)),
    draft: (body: RecallTask, context) => eventDraft(recalling(body, context), context),
  },
};

/** All events of a task or none (rollback), each with its eventID. */
function eventDraft(events: TaskEvents, { hasher, salt }: DraftContext): Parsed<Draft> {
  if (!events.ok) return events;
  const scope = scopeOf(CUSTOS_CONTEXT);
  if (!scope.ok) return scope;
  const ready: JsonObject[] = [];
  for (const event of events.value) {
    const one = readyEvent(hasher, event, scope.value, '');
    if (!one.ok) return one;
    ready.push(one.value);
  }
  return parsed(captureDraft({ context: CUSTOS_CONTEXT, onError: 'rollback', events: ready }, salt));
}

function productDraft({ gtin, levels, markets, ...rest }: RegisterProductTask): Draft {
  const product: JsonObject = {
    op: 'register',
    ...rest,
    gtin: padGtin(gtin),
    markets,
    levels: levels.map((level) => ({ ...level, gtin: padGtin(level.gtin) })),
  };
  return { kind: KIND.product, parts: [product] };
}
