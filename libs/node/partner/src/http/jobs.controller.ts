import { Controller, Inject } from '@nestjs/common';
import { JOBS } from '@custos/formats-api';
import type { Prover } from '@custos/node-epcis-repository';
import { answerVerify, orProblem, PROVER, READER, type SnapshotReader } from '@custos/node-member-service';
import { Route, type Asked } from '@custos/shell-process';
import { answerInventory } from './inventory.js';
import type { JobSource } from '../promises/jobs.js';
import { answerJob } from './jobs.js';
import { JOB_SOURCE, PARTY } from './tokens.js';

/** Answers what became of tasks, what the organisation has, and the verdict on a code. */
@Controller()
export class JobsController {
  constructor(
    @Inject(JOB_SOURCE) private readonly jobs: JobSource,
    @Inject(READER) private readonly reader: SnapshotReader,
    @Inject(PROVER) private readonly prover: Prover,
    @Inject(PARTY) private readonly party: string,
  ) {}

  @Route(JOBS.job)
  job({ params }: Asked<typeof JOBS.job>) {
    return answerJob(this.jobs, params.job);
  }

  @Route(JOBS.inventory)
  inventory({ caller, input }: Asked<typeof JOBS.inventory>) {
    return orProblem(answerInventory(this.reader, caller, this.party, input));
  }

  @Route(JOBS.verify)
  verify({ caller, input }: Asked<typeof JOBS.verify>) {
    return orProblem(answerVerify(this.reader, this.prover, caller, input));
  }
}
