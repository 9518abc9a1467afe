import type { JsonObject } from '@custos/core-bytes';
import { capabilitiesOf } from '@custos/core-access';
import type { Role } from '@custos/core-registry';
import {
  EPCIS,
  JOBS,
  openApiDocument,
  PARTNER_STORY,
  SYSTEM,
  SYSTEM_EXAMPLES,
  TASKS,
  type RouteExample,
  type TaskName,
} from '@custos/formats-api';
import { TASK_TABLE } from '../tasks/task-table.js';

/** The tasks that a party of these roles has (R), in the order of a pack's life. */
export function tasksOf(roles: readonly Role[]): readonly TaskName[] {
  const capabilities = capabilitiesOf(roles);
  return (Object.keys(TASK_TABLE) as TaskName[]).filter((name) => capabilities.includes(TASK_TABLE[name].capability));
}

/** What the service of such a party takes and answers. */
export function partnerDocument(roles: readonly Role[]): JsonObject {
  const routes = [
    ...tasksOf(roles).map((name) => TASKS[name]),
    ...[EPCIS, JOBS, SYSTEM].flatMap((contracts) => Object.values(contracts)),
  ];
  return openApiDocument({
    title: `Custos partner service: ${roles.join(', ')}`,
    description:
      'Takes in what happens to packs, signs it and promises it to the chain; answers with the receipt and its proof.',
    routes,
    examples: [...partnerExamples(roles), ...SYSTEM_EXAMPLES],
  });
}

/** Those of the own trade where a route has some; else those of others. */
function partnerExamples(roles: readonly string[]): readonly RouteExample[] {
  const isOwn = ({ by = '' }: RouteExample): boolean => roles.includes(by);
  const own = new Set(PARTNER_STORY.filter(isOwn).map(({ route }) => route));
  return PARTNER_STORY.filter((example) => isOwn(example) || !own.has(example.route));
}
