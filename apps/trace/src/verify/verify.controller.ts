import { Controller, Inject } from '@nestjs/common';
import { TRACE } from '@custos/formats-api';
import type { Prover } from '@custos/node-epcis-repository';
import { answerVerify, orProblem, PROVER, READER, type SnapshotReader } from '@custos/node-member-service';
import { Route, type Asked } from '@custos/shell-process';

/** Answers anybody: the one route besides health that needs no token (absence 10). */
@Controller()
export class VerifyController {
  constructor(
    @Inject(READER) private readonly reader: SnapshotReader,
    @Inject(PROVER) private readonly prover: Prover,
  ) {}

  @Route(TRACE.verify)
  verify({ caller, input }: Asked<typeof TRACE.verify>) {
    return orProblem(answerVerify(this.reader, this.prover, caller, input));
  }
}
