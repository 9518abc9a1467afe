import { Controller, Inject } from '@nestjs/common';
import { PEERS } from '@custos/formats-api';
import { Route, type Asked } from '@custos/shell-process';
import { SERVICE, type ValidatorService } from './validator-service.js';

/** Hands the chain out to members. */
@Controller()
export class ChainController {
  constructor(@Inject(SERVICE) private readonly service: ValidatorService) {}

  @Route(PEERS.blocks)
  blocks({ input }: Asked<typeof PEERS.blocks>) {
    return this.service.blocks(input);
  }

  @Route(PEERS.block)
  block({ params }: Asked<typeof PEERS.block>) {
    return this.service.block(params.hash);
  }

  @Route(PEERS.runs)
  runs({ input }: Asked<typeof PEERS.runs>) {
    return this.service.runs(input);
  }

  @Route(PEERS.certificates)
  certificates({ input }: Asked<typeof PEERS.certificates>) {
    return this.service.certificates(input);
  }

  @Route(PEERS.leaves)
  leaves({ input }: Asked<typeof PEERS.leaves>) {
    return this.service.leaves(input);
  }

  @Route(PEERS.status)
  status() {
    return this.service.status();
  }
}
