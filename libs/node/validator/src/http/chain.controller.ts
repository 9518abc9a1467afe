import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SERVICE, type ValidatorService } from './validator-service.js';

type Sent = Readonly<Record<string, unknown>>;

const BYTES = 'application/octet-stream';

/** The chain for members: every route wants a signed request. */
@Controller()
export class ChainController {
  constructor(@Inject(SERVICE) private readonly service: ValidatorService) {}

  @Get('blocks')
  @Header('content-type', BYTES)
  async blocks(@Req() request: FastifyRequest, @Query() query: Sent) {
    await this.service.asker(request);
    return this.service.blocks(query);
  }

  @Get('blocks/:hash')
  @Header('content-type', BYTES)
  async block(@Req() request: FastifyRequest, @Param('hash') hash: string) {
    await this.service.asker(request);
    return this.service.block(hash);
  }

  @Get('runs')
  @Header('content-type', BYTES)
  async runs(@Req() request: FastifyRequest, @Query() query: Sent) {
    await this.service.asker(request);
    return this.service.runs(query);
  }

  @Get('certificates')
  @Header('content-type', BYTES)
  async certificates(@Req() request: FastifyRequest, @Query() query: Sent) {
    await this.service.asker(request);
    return this.service.certificates(query);
  }

  @Get('leaves')
  async leaves(@Req() request: FastifyRequest, @Query() query: Sent) {
    await this.service.asker(request);
    return this.service.leaves(query);
  }

  /** For members, and for whoever is on this machine. */
  @Get('status')
  async status(@Req() request: FastifyRequest) {
    await this.service.localOrAsker(request);
    return this.service.status();
  }
}
