import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { docsPage, type ApiDocument, type DocsPage } from './docs-page.js';

export const DOCS = Symbol('interface document');

/** What this service takes and answers, for people and for programs. Open: it holds nothing that is not in the source. */
@Controller('docs')
export class DocsController {
  private readonly page: DocsPage;

  constructor(@Inject(DOCS) private readonly document: ApiDocument) {
    this.page = docsPage(document);
  }

  @Get()
  async show(@Res() reply: FastifyReply) {
    const { html, policy } = this.page;
    await reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(html);
  }

  @Get('openapi.json')
  openapi(): ApiDocument {
    return this.document;
  }
}
