import { Controller, Inject, UseFilters, UseInterceptors, type Type } from '@nestjs/common';
import { TASKS, type TaskName } from '@custos/formats-api';
import { mountAt } from '@custos/shell-process';
import type { Desk } from '../desk.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { PromiseFilter } from './promise.filter.js';
import { DESK } from './tokens.js';
import { answerWrite, writeOf } from './writes.js';

/** Creates the controller of these tasks (R: those of the organisation's roles; the law judges again who signed). */
export function tasksController(names: readonly TaskName[]): Type<object> {
  @Controller()
  @UseInterceptors(IdempotencyInterceptor)
  @UseFilters(PromiseFilter)
  class TasksController {
    constructor(@Inject(DESK) readonly desk: Desk) {}
  }
  for (const name of names)
    mountAt(TasksController, TASKS[name], async function (this: TasksController, asked) {
      return answerWrite(this.desk, asked, await this.desk.task(name, writeOf(asked)));
    });
  return TasksController;
}
