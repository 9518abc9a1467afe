import { Controller, Inject } from '@nestjs/common';
import { TRACE } from '@custos/formats-api';
import { orProblem, READER, type SnapshotReader } from '@custos/node-member-service';
import { Route, type Asked } from '@custos/shell-process';
import { answerJourney, answerUnit } from './units.js';

@Controller()
export class UnitsController {
  constructor(@Inject(READER) private readonly reader: SnapshotReader) {}

  @Route(TRACE.unit)
  unit({ caller, params }: Asked<typeof TRACE.unit>) {
    return orProblem(answerUnit(this.reader, caller, params.code));
  }

  @Route(TRACE.journey)
  journey({ caller, params, input }: Asked<typeof TRACE.journey>) {
    return orProblem(answerJourney(this.reader, caller, params.code, input));
  }
}
