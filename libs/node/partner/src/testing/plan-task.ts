import type { Parsed } from '@custos/core-bytes';
import { parseInput, TASKS, type TaskName } from '@custos/formats-api';
import { TASK_TABLE, type DraftContext, type TaskPlan } from '../tasks/task-table.js';

/** Plans a task from any body, as its route does: the contract parses, then the table plans. */
export function planTask(name: TaskName, body: unknown, context: DraftContext): Parsed<TaskPlan> {
  const input = parseInput(TASKS[name].input, body);
  return input.ok ? TASK_TABLE[name].plan(input.value, body, context) : input;
}
