import { Controller, Inject } from '@nestjs/common';
import { TRACE } from '@custos/formats-api';
import { orProblem, READER, type SnapshotReader } from '@custos/node-member-service';
import { Route, type Asked } from '@custos/shell-process';
import { answerBlocks } from './blocks.js';

@Controller()
export class BlocksController {
  constructor(@Inject(READER) private readonly reader: SnapshotReader) {}

  @Route(TRACE.blocks)
  blocks({ caller, input }: Asked<typeof TRACE.blocks>) {
    return orProblem(answerBlocks(this.reader, caller, input));
  }
}
