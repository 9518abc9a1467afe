import { Controller, Inject } from '@nestjs/common';
import { TRACE } from '@custos/formats-api';
import { orProblem, READER, type SnapshotReader } from '@custos/node-member-service';
import { Route, type Asked } from '@custos/shell-process';
import { answerReach } from './lots.js';

@Controller()
export class LotsController {
  constructor(@Inject(READER) private readonly reader: SnapshotReader) {}

  @Route(TRACE.reach)
  reach({ caller, params }: Asked<typeof TRACE.reach>) {
    return orProblem(answerReach(this.reader, caller, params.lgtin));
  }
}
