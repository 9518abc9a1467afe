import { Controller, Inject, UseFilters, UseGuards, type Type } from '@nestjs/common';
import { TASKS, type TaskName } from '@custos/formats-api';
import { mountAt } from '@custos/shell-process';
import type { Desk } from '../desk.js';
import { IdempotencyGuard } from './idempotency.guard.js';
import { PromiseFilter } from './promise.filter.js';
import { DESK } from './tokens.js';
import { answerWrite } from './writes.js';

/** Creates the controller of these tasks (R: those of the organisation's roles; the law judges again who signed). */
export function tasksController(names: readonly TaskName[]): Type<object> {
  @Controller()
  @UseGuards(IdempotencyGuard)
  @UseFilters(PromiseFilter)
  class TasksController {
    constructor(@Inject(DESK) readonly desk: Desk) {}
  }
  for (const name of names)
    mountAt(TasksController, TASKS[name], function (this: TasksController, asked) {
      return answerWrite(this.desk, asked, (write) => this.desk.task(name, write));
    });
  return TasksController;
}
