import { capabilitiesOf } from '@custos/core-access';
import type { Role } from '@custos/core-registry';
import { EPCIS, JOBS, SYSTEM, TASKS, type Route, type TaskName } from '@custos/formats-api';
import { routeTopics, type RouteTopics } from '@custos/node-member-service';
import { TASK_TABLE } from '../tasks/task-table.js';
import { EpcisController } from './epcis/epcis.controller.js';
import { JobsController } from './jobs.controller.js';
import { tasksController } from './tasks.controller.js';

/** Returns the tasks that a party of these roles has (R), in the order of a pack's life. */
function tasksOf(roles: readonly Role[]): readonly TaskName[] {
  const capabilities = capabilitiesOf(roles);
  return (Object.keys(TASK_TABLE) as TaskName[]).filter((name) => capabilities.includes(TASK_TABLE[name].capability));
}

/** Returns what the service of such a party answers: a subject a line, in the order of its document. */
export function partnerTopics(roles: readonly Role[]): RouteTopics {
  const tasks = tasksOf(roles);
  return routeTopics(
    { contracts: tasks.map((name) => TASKS[name]), controllers: [tasksController(tasks)] },
    { contracts: Object.values(EPCIS), controllers: [EpcisController] },
    { contracts: Object.values(JOBS), controllers: [JobsController] },
    { contracts: Object.values<Route>(SYSTEM) },
  );
}
