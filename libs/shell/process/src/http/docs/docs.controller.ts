import { Controller, Inject } from '@nestjs/common';
import { SYSTEM } from '@custos/formats-api';
import type { Asked } from '../asked.js';
import { Route } from '../mount.js';
import { viewerPage, type ApiDocument, type ViewerPage } from './viewer.js';

/** Token of the OpenAPI document of a service. */
export const DOCS = Symbol('interface document');

/** Shows what this service takes and answers. Open: it holds nothing that is not in the source. */
@Controller()
export class DocsController {
  /** Made when it is asked for first: most processes are never asked. */
  private page: ViewerPage | undefined;

  constructor(@Inject(DOCS) private readonly document: ApiDocument) {}

  @Route(SYSTEM.docs)
  show({ reply }: Asked) {
    const { html, policy } = (this.page ??= viewerPage(this.document));
    void reply.headers({ 'content-security-policy': policy, 'content-type': 'text/html; charset=utf-8' });
    return html;
  }

  @Route(SYSTEM.openapi)
  openapi(): ApiDocument {
    return this.document;
  }
}
