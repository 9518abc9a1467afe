import { Controller, Inject } from '@nestjs/common';
import { SYSTEM } from '@custos/formats-api';
import { docsPage, type ApiDocument, type DocsPage } from './docs-page.js';
import { Route, type Asked } from '../mount.js';

/** Token of the OpenAPI document of a service. */
export const DOCS = Symbol('interface document');

/** Shows what this service takes and answers. Open: it holds nothing that is not in the source. */
@Controller()
export class DocsController {
  private readonly page: DocsPage;

  constructor(@Inject(DOCS) private readonly document: ApiDocument) {
    this.page = docsPage(document);
  }

  @Route(SYSTEM.docs)
  show({ reply }: Asked) {
    const { html, policy } = this.page;
    void reply.header('content-security-policy', policy).type('text/html; charset=utf-8');
    return html;
  }

  @Route(SYSTEM.openapi)
  openapi(): ApiDocument {
    return this.document;
  }
}
